namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for contour type.</summary>
    public sealed class ContourType : IStyleValue
    {
        private readonly object json;

        private ContourType(object json) => this.json = json;

        public static ContourType Levels { get; } = new("levels");
        public static ContourType Constraint { get; } = new("constraint");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
