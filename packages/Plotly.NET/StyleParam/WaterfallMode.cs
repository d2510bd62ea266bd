namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for waterfall mode.</summary>
    public sealed class WaterfallMode : IStyleValue
    {
        private readonly object json;

        private WaterfallMode(object json) => this.json = json;

        public static WaterfallMode Group { get; } = new("group");
        public static WaterfallMode Overlay { get; } = new("overlay");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
