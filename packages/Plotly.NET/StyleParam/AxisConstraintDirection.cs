namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for axis constraint direction.</summary>
    public sealed class AxisConstraintDirection : IStyleValue
    {
        private readonly object json;

        private AxisConstraintDirection(object json) => this.json = json;

        public static AxisConstraintDirection Left { get; } = new("left");
        public static AxisConstraintDirection Center { get; } = new("center");
        public static AxisConstraintDirection Right { get; } = new("right");
        public static AxisConstraintDirection Top { get; } = new("top");
        public static AxisConstraintDirection Middle { get; } = new("middle");
        public static AxisConstraintDirection Bottom { get; } = new("bottom");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
