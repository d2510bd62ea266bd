namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for layout grid xside.</summary>
    public sealed class LayoutGridXSide : IStyleValue
    {
        private readonly object json;

        private LayoutGridXSide(object json) => this.json = json;

        public static LayoutGridXSide Bottom { get; } = new("bottom");
        public static LayoutGridXSide BottomPlot { get; } = new("bottom plot");
        public static LayoutGridXSide Top { get; } = new("top");
        public static LayoutGridXSide TopPlot { get; } = new("top plot");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
