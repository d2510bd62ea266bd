namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for color model.</summary>
    public sealed class ColorModel : IStyleValue
    {
        private readonly object json;

        private ColorModel(object json) => this.json = json;

        public static ColorModel RGB { get; } = new("rgb");
        public static ColorModel RGBA { get; } = new("rgba");
        public static ColorModel RGBA256 { get; } = new("rgba256");
        public static ColorModel HSL { get; } = new("hsl");
        public static ColorModel HSLA { get; } = new("hsla");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
