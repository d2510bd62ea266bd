namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for click to show.</summary>
    public sealed class ClickToShow : IStyleValue
    {
        private readonly object json;

        private ClickToShow(object json) => this.json = json;

        public static ClickToShow False { get; } = new(false);
        public static ClickToShow OnOff { get; } = new("onoff");
        public static ClickToShow OnOut { get; } = new("onout");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
