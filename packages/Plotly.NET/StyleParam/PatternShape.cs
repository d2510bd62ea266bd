namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for pattern shape.</summary>
    public sealed class PatternShape : IStyleValue
    {
        private readonly object json;

        private PatternShape(object json) => this.json = json;

        public static PatternShape None { get; } = new("");
        public static PatternShape DiagonalDescending { get; } = new("/");
        public static PatternShape DiagonalAscending { get; } = new("\\");
        public static PatternShape DiagonalChecked { get; } = new("x");
        public static PatternShape HorizontalLines { get; } = new("-");
        public static PatternShape VerticalLines { get; } = new("|");
        public static PatternShape Checked { get; } = new("+");
        public static PatternShape Dots { get; } = new(".");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
