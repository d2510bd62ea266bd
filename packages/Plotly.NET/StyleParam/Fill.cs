namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>What the area under a line is filled to.</summary>
    public sealed class Fill : IStyleValue
    {
        private readonly object json;

        private Fill(object json) => this.json = json;

        public static Fill None { get; } = new("none");
        public static Fill ToZero_y { get; } = new("tozeroy");
        public static Fill ToZero_x { get; } = new("tozerox");
        public static Fill ToNext_y { get; } = new("tonexty");
        public static Fill ToNext_x { get; } = new("tonextx");
        public static Fill ToSelf { get; } = new("toself");
        public static Fill ToNext { get; } = new("tonext");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
