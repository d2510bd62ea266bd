namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for funnel mode.</summary>
    public sealed class FunnelMode : IStyleValue
    {
        private readonly object json;

        private FunnelMode(object json) => this.json = json;

        public static FunnelMode Stack { get; } = new("stack");
        public static FunnelMode Group { get; } = new("group");
        public static FunnelMode Overlay { get; } = new("overlay");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
