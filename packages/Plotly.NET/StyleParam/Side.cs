namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>A side of a plot.</summary>
    public sealed class Side : IStyleValue
    {
        private readonly object json;

        private Side(object json) => this.json = json;

        public static Side Top { get; } = new("top");
        public static Side TopLeft { get; } = new("top left");
        public static Side TopCenter { get; } = new("top center");
        public static Side TopRight { get; } = new("top right");
        public static Side Bottom { get; } = new("bottom");
        public static Side Left { get; } = new("left");
        public static Side Right { get; } = new("right");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
