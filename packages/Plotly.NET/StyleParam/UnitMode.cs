namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for unit mode.</summary>
    public sealed class UnitMode : IStyleValue
    {
        private readonly object json;

        private UnitMode(object json) => this.json = json;

        public static UnitMode Fraction { get; } = new("fraction");
        public static UnitMode Pixels { get; } = new("pixels");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
