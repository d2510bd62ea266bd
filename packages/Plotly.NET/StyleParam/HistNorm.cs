namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>What the bars of a histogram count.</summary>
    public sealed class HistNorm : IStyleValue
    {
        private readonly object json;

        private HistNorm(object json) => this.json = json;

        public static HistNorm None { get; } = new("");
        public static HistNorm Percent { get; } = new("percent");
        public static HistNorm Probability { get; } = new("probability");
        public static HistNorm Density { get; } = new("density");
        public static HistNorm ProbabilityDensity { get; } = new("probability density");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
