namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for update menu direction.</summary>
    public sealed class UpdateMenuDirection : IStyleValue
    {
        private readonly object json;

        private UpdateMenuDirection(object json) => this.json = json;

        public static UpdateMenuDirection Left { get; } = new("left");
        public static UpdateMenuDirection Right { get; } = new("right");
        public static UpdateMenuDirection Up { get; } = new("up");
        public static UpdateMenuDirection Down { get; } = new("down");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
