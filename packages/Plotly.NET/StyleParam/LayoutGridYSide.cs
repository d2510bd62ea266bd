namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for layout grid yside.</summary>
    public sealed class LayoutGridYSide : IStyleValue
    {
        private readonly object json;

        private LayoutGridYSide(object json) => this.json = json;

        public static LayoutGridYSide Left { get; } = new("left");
        public static LayoutGridYSide LeftPlot { get; } = new("left plot");
        public static LayoutGridYSide Right { get; } = new("right");
        public static LayoutGridYSide RightPlot { get; } = new("right plot");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
