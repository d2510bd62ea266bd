namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for transition ordering.</summary>
    public sealed class TransitionOrdering : IStyleValue
    {
        private readonly object json;

        private TransitionOrdering(object json) => this.json = json;

        public static TransitionOrdering LayoutFirst { get; } = new("layout first");
        public static TransitionOrdering TracesFirst { get; } = new("traces first");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
