namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for show tick option.</summary>
    public sealed class ShowTickOption : IStyleValue
    {
        private readonly object json;

        private ShowTickOption(object json) => this.json = json;

        public static ShowTickOption All { get; } = new("all");
        public static ShowTickOption First { get; } = new("first");
        public static ShowTickOption Last { get; } = new("last");
        public static ShowTickOption None { get; } = new("none");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
