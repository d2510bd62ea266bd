namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for trace item click options.</summary>
    public sealed class TraceItemClickOptions : IStyleValue
    {
        private readonly object json;

        private TraceItemClickOptions(object json) => this.json = json;

        public static TraceItemClickOptions Toggle { get; } = new("toggle");
        public static TraceItemClickOptions ToggleOthers { get; } = new("toggleothers");
        public static TraceItemClickOptions False { get; } = new(false);

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
