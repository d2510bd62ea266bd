namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Whether and how an axis finds its range.</summary>
    public sealed class AutoRange : IStyleValue
    {
        private readonly object json;

        private AutoRange(object json) => this.json = json;

        public static AutoRange True { get; } = new(true);
        public static AutoRange False { get; } = new(false);
        public static AutoRange Reversed { get; } = new("reversed");
        public static AutoRange MinReversed { get; } = new("min reversed");
        public static AutoRange MaxReversed { get; } = new("max reversed");
        public static AutoRange Min { get; } = new("min");
        public static AutoRange Max { get; } = new("max");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
