namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for show exponent.</summary>
    public sealed class ShowExponent : IStyleValue
    {
        private readonly object json;

        private ShowExponent(object json) => this.json = json;

        public static ShowExponent All { get; } = new("all");
        public static ShowExponent First { get; } = new("first");
        public static ShowExponent Last { get; } = new("last");
        public static ShowExponent None { get; } = new("none");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
