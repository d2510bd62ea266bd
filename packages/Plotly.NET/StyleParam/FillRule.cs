namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for fill rule.</summary>
    public sealed class FillRule : IStyleValue
    {
        private readonly object json;

        private FillRule(object json) => this.json = json;

        public static FillRule EvenOdd { get; } = new("evenodd");
        public static FillRule NonZero { get; } = new("nonzero");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
