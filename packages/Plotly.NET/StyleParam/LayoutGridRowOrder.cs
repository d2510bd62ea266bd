namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for layout grid row order.</summary>
    public sealed class LayoutGridRowOrder : IStyleValue
    {
        private readonly object json;

        private LayoutGridRowOrder(object json) => this.json = json;

        public static LayoutGridRowOrder TopToBottom { get; } = new("top to bottom");
        public static LayoutGridRowOrder BottomToTop { get; } = new("bottom to top");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
