namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for annotation alignment.</summary>
    public sealed class AnnotationAlignment : IStyleValue
    {
        private readonly object json;

        private AnnotationAlignment(object json) => this.json = json;

        public static AnnotationAlignment Left { get; } = new("left");
        public static AnnotationAlignment Center { get; } = new("center");
        public static AnnotationAlignment Right { get; } = new("right");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
