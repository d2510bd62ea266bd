namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Whether something lies over or under the traces.</summary>
    public sealed class Layer : IStyleValue
    {
        private readonly object json;

        private Layer(object json) => this.json = json;

        public static Layer Below { get; } = new("below");
        public static Layer Above { get; } = new("above");
        public static Layer AboveTraces { get; } = new("above traces");
        public static Layer BelowTraces { get; } = new("below traces");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
