namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for tick label mode.</summary>
    public sealed class TickLabelMode : IStyleValue
    {
        private readonly object json;

        private TickLabelMode(object json) => this.json = json;

        public static TickLabelMode Instant { get; } = new("instant");
        public static TickLabelMode Period { get; } = new("period");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
