namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for xanchor position.</summary>
    public sealed class XAnchorPosition : IStyleValue
    {
        private readonly object json;

        private XAnchorPosition(object json) => this.json = json;

        public static XAnchorPosition Auto { get; } = new("auto");
        public static XAnchorPosition Left { get; } = new("left");
        public static XAnchorPosition Center { get; } = new("center");
        public static XAnchorPosition Right { get; } = new("right");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
