namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for quartile method.</summary>
    public sealed class QuartileMethod : IStyleValue
    {
        private readonly object json;

        private QuartileMethod(object json) => this.json = json;

        public static QuartileMethod Linear { get; } = new("linear");
        public static QuartileMethod Exclusive { get; } = new("exclusive");
        public static QuartileMethod Inclusive { get; } = new("inclusive");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
