namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for cumulative direction.</summary>
    public sealed class CumulativeDirection : IStyleValue
    {
        private readonly object json;

        private CumulativeDirection(object json) => this.json = json;

        public static CumulativeDirection Increasing { get; } = new("increasing");
        public static CumulativeDirection Decreasing { get; } = new("decreasing");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
