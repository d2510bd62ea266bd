namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for double click.</summary>
    public sealed class DoubleClick : IStyleValue
    {
        private readonly object json;

        private DoubleClick(object json) => this.json = json;

        public static DoubleClick Reset { get; } = new("reset");
        public static DoubleClick Autosize { get; } = new("autosize");
        public static DoubleClick ResetAutosize { get; } = new("reset+autosize");
        public static DoubleClick NoInteraction { get; } = new(false);

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
