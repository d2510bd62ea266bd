namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for violin side.</summary>
    public sealed class ViolinSide : IStyleValue
    {
        private readonly object json;

        private ViolinSide(object json) => this.json = json;

        public static ViolinSide Both { get; } = new("both");
        public static ViolinSide Positive { get; } = new("positive");
        public static ViolinSide Negative { get; } = new("negative");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
