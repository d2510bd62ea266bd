namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>How tick marks are chosen.</summary>
    public sealed class TickMode : IStyleValue
    {
        private readonly object json;

        private TickMode(object json) => this.json = json;

        public static TickMode Auto { get; } = new("auto");
        public static TickMode Linear { get; } = new("linear");
        public static TickMode Array { get; } = new("array");
        public static TickMode Sync { get; } = new("sync");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
