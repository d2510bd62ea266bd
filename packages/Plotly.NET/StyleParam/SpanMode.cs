namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for span mode.</summary>
    public sealed class SpanMode : IStyleValue
    {
        private readonly object json;

        private SpanMode(object json) => this.json = json;

        public static SpanMode Soft { get; } = new("soft");
        public static SpanMode Hard { get; } = new("hard");
        public static SpanMode Manual { get; } = new("manual");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
