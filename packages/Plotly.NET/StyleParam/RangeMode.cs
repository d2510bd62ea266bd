namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for range mode.</summary>
    public sealed class RangeMode : IStyleValue
    {
        private readonly object json;

        private RangeMode(object json) => this.json = json;

        public static RangeMode Normal { get; } = new("normal");
        public static RangeMode ToZero { get; } = new("tozero");
        public static RangeMode NonNegative { get; } = new("nonnegative");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
