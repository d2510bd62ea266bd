namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for axis constraint.</summary>
    public sealed class AxisConstraint : IStyleValue
    {
        private readonly object json;

        private AxisConstraint(object json) => this.json = json;

        public static AxisConstraint Range { get; } = new("range");
        public static AxisConstraint Domain { get; } = new("domain");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
