namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>How bars of several traces at one place stand.</summary>
    public sealed class BarMode : IStyleValue
    {
        private readonly object json;

        private BarMode(object json) => this.json = json;

        public static BarMode Stack { get; } = new("stack");
        public static BarMode Group { get; } = new("group");
        public static BarMode Overlay { get; } = new("overlay");
        public static BarMode Relative { get; } = new("relative");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
