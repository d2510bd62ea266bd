namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for constraint operation.</summary>
    public sealed class ConstraintOperation : IStyleValue
    {
        private readonly object json;

        private ConstraintOperation(object json) => this.json = json;

        public static ConstraintOperation Equal { get; } = new("=");
        public static ConstraintOperation LesserThan { get; } = new("<");
        public static ConstraintOperation LesserThanOrEqual { get; } = new("<=");
        public static ConstraintOperation GreaterThan { get; } = new(">");
        public static ConstraintOperation GreaterThanOrEqual { get; } = new(">=");
        public static ConstraintOperation InsideInclusiveInterval { get; } = new("[]");
        public static ConstraintOperation InsideLeftInclusiveInterval { get; } = new("[)");
        public static ConstraintOperation InsideRightInclusiveInterval { get; } = new("(]");
        public static ConstraintOperation InsideExclusiveInterval { get; } = new("()");
        public static ConstraintOperation OutsideInclusiveInterval { get; } = new("][");
        public static ConstraintOperation OutsideLeftInclusiveInterval { get; } = new(")(");
        public static ConstraintOperation OutsideRightInclusiveInterval { get; } = new("](");
        public static ConstraintOperation OutsideExclusiveInterval { get; } = new("](");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
