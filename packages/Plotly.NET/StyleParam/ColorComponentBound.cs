namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>A bound for each component of a picture's colours.</summary>
    public abstract class ColorComponentBound : IStyleValue
    {
        private ColorComponentBound()
        {
        }

        private protected abstract object Json { get; }

        public static ColorComponentBound NewRGB(int r, int g, int b) => new Of(new[] { r, g, b });

        public static ColorComponentBound NewRGBA(int r, int g, int b, int a) => new Of(new[] { r, g, b, a });

        public static ColorComponentBound NewHSL(int h, int s, int l) => new Of(new[] { h, s, l });

        object IStyleValue.Json => Json;

        private sealed class Of(object json) : ColorComponentBound
        {
            private protected override object Json => json;
        }
    }
}
