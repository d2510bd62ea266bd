namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for shape size mode.</summary>
    public sealed class ShapeSizeMode : IStyleValue
    {
        private readonly object json;

        private ShapeSizeMode(object json) => this.json = json;

        public static ShapeSizeMode Scaled { get; } = new("scaled");
        public static ShapeSizeMode Pixel { get; } = new("pixel");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
