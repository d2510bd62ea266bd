namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>An axis, colour axis or legend as the layout names it: xaxis, xaxis2, coloraxis.</summary>
    public sealed class SubPlotId : IStyleValue
    {
        private readonly string name;

        private SubPlotId(string name) => this.name = name;

        public static SubPlotId NewXAxis(int item) => new(Numbered("xaxis", item));

        public static SubPlotId NewYAxis(int item) => new(Numbered("yaxis", item));

        public static SubPlotId NewColorAxis(int item) => new(Numbered("coloraxis", item));

        public static SubPlotId NewLegend(int item) => new(Numbered("legend", item));

        object IStyleValue.Json => name;

        public override string ToString() => name;
    }
}
