namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for scroll zoom.</summary>
    public sealed class ScrollZoom : IStyleValue
    {
        private readonly object json;

        private ScrollZoom(object json) => this.json = json;

        public static ScrollZoom Cartesian { get; } = new("cartesian");
        public static ScrollZoom GL3D { get; } = new("gl3d");
        public static ScrollZoom Geo { get; } = new("geo");
        public static ScrollZoom Mapbox { get; } = new("mapbox");
        public static ScrollZoom All { get; } = new(true);
        public static ScrollZoom NoZoom { get; } = new(false);

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
