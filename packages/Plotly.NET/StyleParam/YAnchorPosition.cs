namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for yanchor position.</summary>
    public sealed class YAnchorPosition : IStyleValue
    {
        private readonly object json;

        private YAnchorPosition(object json) => this.json = json;

        public static YAnchorPosition Auto { get; } = new("auto");
        public static YAnchorPosition Top { get; } = new("top");
        public static YAnchorPosition Middle { get; } = new("middle");
        public static YAnchorPosition Bottom { get; } = new("bottom");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
