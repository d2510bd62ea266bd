namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for contour coloring.</summary>
    public sealed class ContourColoring : IStyleValue
    {
        private readonly object json;

        private ContourColoring(object json) => this.json = json;

        public static ContourColoring Fill { get; } = new("fill");
        public static ContourColoring Heatmap { get; } = new("heatmap");
        public static ContourColoring Lines { get; } = new("lines");
        public static ContourColoring NoColoring { get; } = new("none");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
