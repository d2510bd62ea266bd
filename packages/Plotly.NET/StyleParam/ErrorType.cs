namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>How the lengths of error bars are computed.</summary>
    public sealed class ErrorType : IStyleValue
    {
        private readonly object json;

        private ErrorType(object json) => this.json = json;

        public static ErrorType Percent { get; } = new("percent");
        public static ErrorType Constant { get; } = new("constant");
        public static ErrorType Sqrt { get; } = new("sqrt");
        public static ErrorType Data { get; } = new("data");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
