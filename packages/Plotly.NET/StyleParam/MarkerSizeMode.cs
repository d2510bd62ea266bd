namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for marker size mode.</summary>
    public sealed class MarkerSizeMode : IStyleValue
    {
        private readonly object json;

        private MarkerSizeMode(object json) => this.json = json;

        public static MarkerSizeMode Diameter { get; } = new("diameter");
        public static MarkerSizeMode Area { get; } = new("area");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
