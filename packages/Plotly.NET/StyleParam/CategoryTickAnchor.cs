namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for category tick anchor.</summary>
    public sealed class CategoryTickAnchor : IStyleValue
    {
        private readonly object json;

        private CategoryTickAnchor(object json) => this.json = json;

        public static CategoryTickAnchor Labels { get; } = new("labels");
        public static CategoryTickAnchor Boundaries { get; } = new("boundaries");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
