namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for spike mode.</summary>
    public sealed class SpikeMode : IStyleValue
    {
        private readonly object json;

        private SpikeMode(object json) => this.json = json;

        public static SpikeMode Axis { get; } = new("toaxis");
        public static SpikeMode Across { get; } = new("across");
        public static SpikeMode AxisAcross { get; } = new("toaxis+across");
        public static SpikeMode Marker { get; } = new("marker");
        public static SpikeMode AxisMarker { get; } = new("toaxis+marker");
        public static SpikeMode AxisAcrossMarker { get; } = new("toaxis+across+marker");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
