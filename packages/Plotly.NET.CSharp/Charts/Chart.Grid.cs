using Plotly.NET.LayoutObjects;

namespace Plotly.NET.CSharp;

public static partial class Chart
{
    /// <summary>One chart with all the traces.</summary>
    public static GenericChart Combine(IEnumerable<GenericChart> gCharts) => GenericChart.combine(gCharts);

    /// <summary>A chart that shows nothing: an empty cell of a grid.</summary>
    public static GenericChart Invisible() => Plotly.NET.Chart.Invisible();

    /// <summary>Charts in rows and columns, the first row on top. Axes are shared along rows and columns where the pattern is coupled.</summary>
    public static GenericChart Grid(
        IEnumerable<GenericChart> gCharts, int nRows, int nCols, Optional<IEnumerable<string>> SubPlotTitles = default,
        Optional<Font> SubPlotTitleFont = default, Optional<double> SubPlotTitleOffset = default,
        Optional<Tuple<StyleParam.LinearAxisId, StyleParam.LinearAxisId>[][]> SubPlots = default, Optional<StyleParam.LinearAxisId[]> XAxes = default,
        Optional<StyleParam.LinearAxisId[]> YAxes = default, Optional<StyleParam.LayoutGridRowOrder> RowOrder = default,
        Optional<StyleParam.LayoutGridPattern> Pattern = default, Optional<double> XGap = default, Optional<double> YGap = default,
        Optional<Domain> Domain = default, Optional<StyleParam.LayoutGridXSide> XSide = default, Optional<StyleParam.LayoutGridYSide> YSide = default) =>
        Subplots.Grid([.. gCharts], nRows, nCols, SubPlotTitles, SubPlotTitleFont, SubPlotTitleOffset, Pattern, RowOrder,
            new LayoutGrid().With("rows", (object)nRows).With("columns", (object)nCols).With("subplots", SubPlots).With("xaxes", XAxes).With("yaxes", YAxes)
                .With("roworder", RowOrder).With("xgap", XGap).With("ygap", YGap).With("domain", Domain).With("xside", XSide).With("yside", YSide));

    /// <summary>Charts on top of each other.</summary>
    public static GenericChart SingleStack(
        IEnumerable<GenericChart> gCharts, Optional<IEnumerable<string>> SubPlotTitles = default, Optional<Font> SubPlotTitleFont = default,
        Optional<double> SubPlotTitleOffset = default, Optional<Tuple<StyleParam.LinearAxisId, StyleParam.LinearAxisId>[][]> SubPlots = default,
        Optional<StyleParam.LinearAxisId[]> XAxes = default, Optional<StyleParam.LinearAxisId[]> YAxes = default,
        Optional<StyleParam.LayoutGridRowOrder> RowOrder = default, Optional<StyleParam.LayoutGridPattern> Pattern = default,
        Optional<double> XGap = default, Optional<double> YGap = default, Optional<Domain> Domain = default,
        Optional<StyleParam.LayoutGridXSide> XSide = default, Optional<StyleParam.LayoutGridYSide> YSide = default) =>
        Grid(
            gCharts: gCharts, nRows: gCharts.Count(), nCols: 1, SubPlotTitles: SubPlotTitles, SubPlotTitleFont: SubPlotTitleFont,
            SubPlotTitleOffset: SubPlotTitleOffset, SubPlots: SubPlots, XAxes: XAxes, YAxes: YAxes, RowOrder: RowOrder,
            Pattern: Pattern, XGap: XGap, YGap: YGap, Domain: Domain, XSide: XSide,
            YSide: YSide);
}
