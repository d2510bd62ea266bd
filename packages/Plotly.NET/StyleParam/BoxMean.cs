namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for box mean.</summary>
    public sealed class BoxMean : IStyleValue
    {
        private readonly object json;

        private BoxMean(object json) => this.json = json;

        public static BoxMean True { get; } = new(true);
        public static BoxMean False { get; } = new(false);
        public static BoxMean SD { get; } = new("sd");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
