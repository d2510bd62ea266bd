namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for scale mode.</summary>
    public sealed class ScaleMode : IStyleValue
    {
        private readonly object json;

        private ScaleMode(object json) => this.json = json;

        public static ScaleMode Width { get; } = new("width");
        public static ScaleMode Count { get; } = new("count");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
