namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Which axis this one shares its scale with, so that squares stay squares.</summary>
    public abstract class ScaleAnchor : IStyleValue
    {
        private ScaleAnchor()
        {
        }

        private protected abstract object Json { get; }

        public static ScaleAnchor False { get; } = new Of(false);

        public static ScaleAnchor NewX(int item) => new Of(Numbered("x", item));

        public static ScaleAnchor NewY(int item) => new Of(Numbered("y", item));

        object IStyleValue.Json => Json;

        private sealed class Of(object json) : ScaleAnchor
        {
            private protected override object Json => json;
        }
    }
}
