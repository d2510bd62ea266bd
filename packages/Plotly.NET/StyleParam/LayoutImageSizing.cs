namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for layout image sizing.</summary>
    public sealed class LayoutImageSizing : IStyleValue
    {
        private readonly object json;

        private LayoutImageSizing(object json) => this.json = json;

        public static LayoutImageSizing Fill { get; } = new("fill");
        public static LayoutImageSizing Contain { get; } = new("contain");
        public static LayoutImageSizing Stretch { get; } = new("stretch");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
