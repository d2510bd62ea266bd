namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Whether the line and ticks of an axis are repeated on the other side.</summary>
    public sealed class Mirror : IStyleValue
    {
        private readonly object json;

        private Mirror(object json) => this.json = json;

        public static Mirror True { get; } = new(true);
        public static Mirror Ticks { get; } = new("ticks");
        public static Mirror False { get; } = new(false);
        public static Mirror All { get; } = new("all");
        public static Mirror AllTicks { get; } = new("allticks");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
