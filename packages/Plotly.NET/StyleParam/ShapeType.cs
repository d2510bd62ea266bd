namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>What a shape is.</summary>
    public sealed class ShapeType : IStyleValue
    {
        private readonly object json;

        private ShapeType(object json) => this.json = json;

        public static ShapeType Circle { get; } = new("circle");
        public static ShapeType Rectangle { get; } = new("rect");
        public static ShapeType SvgPath { get; } = new("path");
        public static ShapeType Line { get; } = new("line");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
