namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Where tick marks are drawn.</summary>
    public sealed class TickOptions : IStyleValue
    {
        private readonly object json;

        private TickOptions(object json) => this.json = json;

        public static TickOptions Outside { get; } = new("outside");
        public static TickOptions Inside { get; } = new("inside");
        public static TickOptions Empty { get; } = new("");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
