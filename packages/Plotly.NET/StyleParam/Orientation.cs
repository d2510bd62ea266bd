namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Horizontal or vertical.</summary>
    public sealed class Orientation : IStyleValue
    {
        private readonly object json;

        private Orientation(object json) => this.json = json;

        public static Orientation Horizontal { get; } = new("h");
        public static Orientation Vertical { get; } = new("v");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
