namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for trace order.</summary>
    public sealed class TraceOrder : IStyleValue
    {
        private readonly object json;

        private TraceOrder(object json) => this.json = json;

        public static TraceOrder Normal { get; } = new("normal");
        public static TraceOrder Reversed { get; } = new("reversed");
        public static TraceOrder Grouped { get; } = new("grouped");
        public static TraceOrder ReversedGrouped { get; } = new("grouped+reversed");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
