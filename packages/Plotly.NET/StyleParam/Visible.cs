namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Whether a trace is drawn.</summary>
    public sealed class Visible : IStyleValue
    {
        private readonly object json;

        private Visible(object json) => this.json = json;

        public static Visible True { get; } = new(true);
        public static Visible False { get; } = new(false);
        public static Visible LegendOnly { get; } = new("legendonly");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
