namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for tick label overflow.</summary>
    public sealed class TickLabelOverflow : IStyleValue
    {
        private readonly object json;

        private TickLabelOverflow(object json) => this.json = json;

        public static TickLabelOverflow Allow { get; } = new("allow");
        public static TickLabelOverflow HidePastDiv { get; } = new("hide past div");
        public static TickLabelOverflow HidePastDomain { get; } = new("hide past domain");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
