namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for layout grid pattern.</summary>
    public sealed class LayoutGridPattern : IStyleValue
    {
        private readonly object json;

        private LayoutGridPattern(object json) => this.json = json;

        public static LayoutGridPattern Independent { get; } = new("independent");
        public static LayoutGridPattern Coupled { get; } = new("coupled");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
