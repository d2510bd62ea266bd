namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>How values lie along an axis.</summary>
    public sealed class AxisType : IStyleValue
    {
        private readonly object json;

        private AxisType(object json) => this.json = json;

        public static AxisType Auto { get; } = new("-");
        public static AxisType Linear { get; } = new("linear");
        public static AxisType Log { get; } = new("log");
        public static AxisType Date { get; } = new("date");
        public static AxisType Category { get; } = new("category");
        public static AxisType MultiCategory { get; } = new("multicategory");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
