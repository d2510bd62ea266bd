namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for entry width mode.</summary>
    public sealed class EntryWidthMode : IStyleValue
    {
        private readonly object json;

        private EntryWidthMode(object json) => this.json = json;

        public static EntryWidthMode Fraction { get; } = new("fraction");
        public static EntryWidthMode Pixels { get; } = new("pixels");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
