namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Which points are drawn beside a box.</summary>
    public sealed class BoxPoints : IStyleValue
    {
        private readonly object json;

        private BoxPoints(object json) => this.json = json;

        public static BoxPoints Outliers { get; } = new("outliers");
        public static BoxPoints All { get; } = new("all");
        public static BoxPoints SuspectedOutliers { get; } = new("suspectedoutliers");
        public static BoxPoints False { get; } = new(false);

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
