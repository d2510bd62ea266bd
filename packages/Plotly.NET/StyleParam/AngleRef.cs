namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for angle ref.</summary>
    public sealed class AngleRef : IStyleValue
    {
        private readonly object json;

        private AngleRef(object json) => this.json = json;

        public static AngleRef Previous { get; } = new("previous");
        public static AngleRef Up { get; } = new("up");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
