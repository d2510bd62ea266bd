namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for align.</summary>
    public sealed class Align : IStyleValue
    {
        private readonly object json;

        private Align(object json) => this.json = json;

        public static Align Auto { get; } = new("auto");
        public static Align Left { get; } = new("left");
        public static Align Right { get; } = new("right");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
