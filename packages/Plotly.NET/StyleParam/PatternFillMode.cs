namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for pattern fill mode.</summary>
    public sealed class PatternFillMode : IStyleValue
    {
        private readonly object json;

        private PatternFillMode(object json) => this.json = json;

        public static PatternFillMode Replace { get; } = new("replace");
        public static PatternFillMode Overlay { get; } = new("overlay");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
