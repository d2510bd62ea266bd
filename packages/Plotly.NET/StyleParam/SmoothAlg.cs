namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>How a heatmap or picture is smoothed between cells.</summary>
    public sealed class SmoothAlg : IStyleValue
    {
        private readonly object json;

        private SmoothAlg(object json) => this.json = json;

        public static SmoothAlg False { get; } = new(false);
        public static SmoothAlg Best { get; } = new("best");
        public static SmoothAlg Fast { get; } = new("fast");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
