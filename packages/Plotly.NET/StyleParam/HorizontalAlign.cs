namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for horizontal align.</summary>
    public sealed class HorizontalAlign : IStyleValue
    {
        private readonly object json;

        private HorizontalAlign(object json) => this.json = json;

        public static HorizontalAlign Left { get; } = new("left");
        public static HorizontalAlign Center { get; } = new("center");
        public static HorizontalAlign Right { get; } = new("right");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
