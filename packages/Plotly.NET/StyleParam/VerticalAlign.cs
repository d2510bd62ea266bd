namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for vertical align.</summary>
    public sealed class VerticalAlign : IStyleValue
    {
        private readonly object json;

        private VerticalAlign(object json) => this.json = json;

        public static VerticalAlign Top { get; } = new("top");
        public static VerticalAlign Middle { get; } = new("middle");
        public static VerticalAlign Bottom { get; } = new("bottom");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
