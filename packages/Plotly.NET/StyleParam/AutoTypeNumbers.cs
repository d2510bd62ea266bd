namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for auto type numbers.</summary>
    public sealed class AutoTypeNumbers : IStyleValue
    {
        private readonly object json;

        private AutoTypeNumbers(object json) => this.json = json;

        public static AutoTypeNumbers ConvertTypes { get; } = new("convert types");
        public static AutoTypeNumbers Strict { get; } = new("strict");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
