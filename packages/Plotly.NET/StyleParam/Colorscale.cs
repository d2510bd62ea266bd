namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Which colour stands for which number.</summary>
    public sealed class Colorscale : IStyleValue
    {
        private readonly object json;

        private Colorscale(object json) => this.json = json;

        public static Colorscale RdBu { get; } = new("RdBu");
        public static Colorscale Earth { get; } = new("Earth");
        public static Colorscale Blackbody { get; } = new("Blackbody");
        public static Colorscale YIOrRd { get; } = new("YIOrRd");
        public static Colorscale YIGnBu { get; } = new("YIGnBu");
        public static Colorscale Bluered { get; } = new("Bluered");
        public static Colorscale Portland { get; } = new("Portland");
        public static Colorscale Electric { get; } = new("Electric");
        public static Colorscale Jet { get; } = new("Jet");
        public static Colorscale Hot { get; } = new("Hot");
        public static Colorscale Greys { get; } = new("Greys");
        public static Colorscale Greens { get; } = new("Greens");
        public static Colorscale Picnic { get; } = new("Picnic");
        public static Colorscale Rainbow { get; } = new("Rainbow");
        public static Colorscale Viridis { get; } = new("Viridis");
        public static Colorscale Cividis { get; } = new("Cividis");

        /// <summary>Colours at fractions of the range; the first is at 0, the last at 1.</summary>
        /// <exception cref="ArgumentException">There are fewer than two.</exception>
        public static Colorscale NewCustom(IEnumerable<Tuple<double, Color>> item)
        {
            var stops = item.Select(stop => new object[] { stop.Item1, stop.Item2 }).ToArray();
            return stops.Length < 2 ? throw new ArgumentException("a colour scale needs two colours at least", nameof(item)) : new(stops);
        }

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
