namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for select direction.</summary>
    public sealed class SelectDirection : IStyleValue
    {
        private readonly object json;

        private SelectDirection(object json) => this.json = json;

        public static SelectDirection Horizontal { get; } = new("h");
        public static SelectDirection Vertical { get; } = new("v");
        public static SelectDirection Diagonal { get; } = new("d");
        public static SelectDirection Any { get; } = new("any");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
