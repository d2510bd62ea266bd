namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for group norm.</summary>
    public sealed class GroupNorm : IStyleValue
    {
        private readonly object json;

        private GroupNorm(object json) => this.json = json;

        public static GroupNorm None { get; } = new("");
        public static GroupNorm Fraction { get; } = new("fraction");
        public static GroupNorm Percent { get; } = new("percent");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
