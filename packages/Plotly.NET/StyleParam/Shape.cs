namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for shape.</summary>
    public sealed class Shape : IStyleValue
    {
        private readonly object json;

        private Shape(object json) => this.json = json;

        public static Shape Linear { get; } = new("linear");
        public static Shape Spline { get; } = new("spline");
        public static Shape Hv { get; } = new("hv");
        public static Shape Vh { get; } = new("vh");
        public static Shape Hvh { get; } = new("hvh");
        public static Shape Vhv { get; } = new("vhv");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
