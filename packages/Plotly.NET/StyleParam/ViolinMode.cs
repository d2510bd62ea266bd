namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for violin mode.</summary>
    public sealed class ViolinMode : IStyleValue
    {
        private readonly object json;

        private ViolinMode(object json) => this.json = json;

        public static ViolinMode Group { get; } = new("group");
        public static ViolinMode Overlay { get; } = new("overlay");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
