namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for hist func.</summary>
    public sealed class HistFunc : IStyleValue
    {
        private readonly object json;

        private HistFunc(object json) => this.json = json;

        public static HistFunc Count { get; } = new("count");
        public static HistFunc Sum { get; } = new("sum");
        public static HistFunc Avg { get; } = new("avg");
        public static HistFunc Min { get; } = new("min");
        public static HistFunc Max { get; } = new("max");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
