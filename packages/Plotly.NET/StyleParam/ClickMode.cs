namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for click mode.</summary>
    public sealed class ClickMode : IStyleValue
    {
        private readonly object json;

        private ClickMode(object json) => this.json = json;

        public static ClickMode Event { get; } = new("event");
        public static ClickMode Select { get; } = new("select");
        public static ClickMode EventSelect { get; } = new("event+select");
        public static ClickMode NoClickMode { get; } = new("none");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
