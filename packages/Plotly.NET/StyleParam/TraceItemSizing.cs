namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for trace item sizing.</summary>
    public sealed class TraceItemSizing : IStyleValue
    {
        private readonly object json;

        private TraceItemSizing(object json) => this.json = json;

        public static TraceItemSizing Trace { get; } = new("trace");
        public static TraceItemSizing Constant { get; } = new("constant");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
