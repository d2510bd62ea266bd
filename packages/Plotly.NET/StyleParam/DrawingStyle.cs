namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Solid or dashed.</summary>
    public sealed class DrawingStyle : IStyleValue
    {
        private readonly object json;

        private DrawingStyle(object json) => this.json = json;

        public static DrawingStyle Solid { get; } = new("solid");
        public static DrawingStyle Dash { get; } = new("dash");
        public static DrawingStyle Dot { get; } = new("dot");
        public static DrawingStyle DashDot { get; } = new("dashdot");
        public static DrawingStyle LongDash { get; } = new("longdash");
        public static DrawingStyle LongDashDot { get; } = new("longdashdot");

        /// <summary>Lengths of dashes and gaps in pixels.</summary>
        public static DrawingStyle NewUser(IEnumerable<int> item) => new(string.Join(",", item.Select(length => $"{length}px")));

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
