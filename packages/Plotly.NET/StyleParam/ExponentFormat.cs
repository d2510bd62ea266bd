namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for exponent format.</summary>
    public sealed class ExponentFormat : IStyleValue
    {
        private readonly object json;

        private ExponentFormat(object json) => this.json = json;

        public static ExponentFormat B { get; } = new("B");
        public static ExponentFormat SI { get; } = new("SI");
        public static ExponentFormat Power { get; } = new("power");
        public static ExponentFormat Ecapital { get; } = new("E");
        public static ExponentFormat E { get; } = new("e");
        public static ExponentFormat None { get; } = new("none");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
