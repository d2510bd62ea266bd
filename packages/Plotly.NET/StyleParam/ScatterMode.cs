namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for scatter mode.</summary>
    public sealed class ScatterMode : IStyleValue
    {
        private readonly object json;

        private ScatterMode(object json) => this.json = json;

        public static ScatterMode Group { get; } = new("group");
        public static ScatterMode Overlay { get; } = new("overlay");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
