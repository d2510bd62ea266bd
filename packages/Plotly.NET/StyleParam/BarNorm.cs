namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for bar norm.</summary>
    public sealed class BarNorm : IStyleValue
    {
        private readonly object json;

        private BarNorm(object json) => this.json = json;

        public static BarNorm NoNorm { get; } = new("");
        public static BarNorm Fraction { get; } = new("fraction");
        public static BarNorm Percent { get; } = new("percent");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
