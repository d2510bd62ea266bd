namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Which margins grow where tick labels need it.</summary>
    public sealed class TickAutoMargin : IStyleValue
    {
        private readonly object json;

        private TickAutoMargin(object json) => this.json = json;

        public static TickAutoMargin Height { get; } = new("height");
        public static TickAutoMargin Width { get; } = new("width");
        public static TickAutoMargin Left { get; } = new("left");
        public static TickAutoMargin Right { get; } = new("right");
        public static TickAutoMargin Top { get; } = new("top");
        public static TickAutoMargin Bottom { get; } = new("bottom");
        public static TickAutoMargin All { get; } = new("height+width+left+right+top+bottom");

        /// <summary>Several of them.</summary>
        public static TickAutoMargin NewCustom(IEnumerable<TickAutoMargin> item) => new(string.Join("+", item));

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
