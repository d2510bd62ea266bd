namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for box mode.</summary>
    public sealed class BoxMode : IStyleValue
    {
        private readonly object json;

        private BoxMode(object json) => this.json = json;

        public static BoxMode Group { get; } = new("group");
        public static BoxMode Overlay { get; } = new("overlay");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
