namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for spike snap.</summary>
    public sealed class SpikeSnap : IStyleValue
    {
        private readonly object json;

        private SpikeSnap(object json) => this.json = json;

        public static SpikeSnap Data { get; } = new("data");
        public static SpikeSnap Cursor { get; } = new("cursor");
        public static SpikeSnap HoveredData { get; } = new("hovered data");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
