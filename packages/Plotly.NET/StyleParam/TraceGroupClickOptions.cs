namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for trace group click options.</summary>
    public sealed class TraceGroupClickOptions : IStyleValue
    {
        private readonly object json;

        private TraceGroupClickOptions(object json) => this.json = json;

        public static TraceGroupClickOptions ToggleItem { get; } = new("toggleitem");
        public static TraceGroupClickOptions ToggleGroup { get; } = new("togglegroup");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
