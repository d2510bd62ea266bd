using Microsoft.FSharp.Core;
using Plotly.NET.LayoutObjects;

namespace Plotly.NET;

public static partial class GenericChartExtensions
{
    /// <summary>Adds to what an x axis says, the first one if no other is named.</summary>
    public static GenericChart WithXAxis(
        this GenericChart @this, LinearAxis xAxis, FSharpOption<StyleParam.SubPlotId>? Id = null) =>
        @this.OnLayout(layout => layout.AddAxis(Id?.Value ?? StyleParam.SubPlotId.NewXAxis(1), xAxis));

    /// <summary>Title, range and place of an x axis.</summary>
    public static GenericChart WithXAxisStyle(
        this GenericChart @this, Title title, FSharpOption<Tuple<IConvertible, IConvertible>>? MinMax = null, FSharpOption<bool>? ShowGrid = null,
        FSharpOption<bool>? ShowLine = null, FSharpOption<StyleParam.Side>? Side = null, FSharpOption<StyleParam.LinearAxisId>? Overlaying = null,
        FSharpOption<StyleParam.SubPlotId>? Id = null, FSharpOption<Tuple<IConvertible, IConvertible>>? Domain = null,
        FSharpOption<double>? Position = null, FSharpOption<bool>? ZeroLine = null, FSharpOption<StyleParam.LinearAxisId>? Anchor = null) =>
        @this.WithXAxis(
            new LinearAxis()
                .With("title", title).With("range", MinMax is null ? null : StyleParam.Range.NewMinMax(MinMax.Value.Item1, MinMax.Value.Item2))
                .With("domain", Domain is null ? null : StyleParam.Range.NewMinMax(Domain.Value.Item1, Domain.Value.Item2))
                .With("showgrid", ShowGrid).With("showline", ShowLine).With("side", Side).With("overlaying", Overlaying)
                .With("position", Position).With("zeroline", ZeroLine).With("anchor", Anchor),
            Id);

    /// <summary>Adds to what a y axis says, the first one if no other is named.</summary>
    public static GenericChart WithYAxis(
        this GenericChart @this, LinearAxis yAxis, FSharpOption<StyleParam.SubPlotId>? Id = null) =>
        @this.OnLayout(layout => layout.AddAxis(Id?.Value ?? StyleParam.SubPlotId.NewYAxis(1), yAxis));

    /// <summary>Title, range and place of a y axis.</summary>
    public static GenericChart WithYAxisStyle(
        this GenericChart @this, Title title, FSharpOption<Tuple<IConvertible, IConvertible>>? MinMax = null, FSharpOption<bool>? ShowGrid = null,
        FSharpOption<bool>? ShowLine = null, FSharpOption<StyleParam.Side>? Side = null, FSharpOption<StyleParam.LinearAxisId>? Overlaying = null,
        FSharpOption<StyleParam.SubPlotId>? Id = null, FSharpOption<Tuple<IConvertible, IConvertible>>? Domain = null,
        FSharpOption<double>? Position = null, FSharpOption<bool>? ZeroLine = null, FSharpOption<StyleParam.LinearAxisId>? Anchor = null) =>
        @this.WithYAxis(
            new LinearAxis()
                .With("title", title).With("range", MinMax is null ? null : StyleParam.Range.NewMinMax(MinMax.Value.Item1, MinMax.Value.Item2))
                .With("domain", Domain is null ? null : StyleParam.Range.NewMinMax(Domain.Value.Item1, Domain.Value.Item2))
                .With("showgrid", ShowGrid).With("showline", ShowLine).With("side", Side).With("overlaying", Overlaying)
                .With("position", Position).With("zeroline", ZeroLine).With("anchor", Anchor),
            Id);

    /// <summary>A colour scale that traces share which say coloraxis.</summary>
    public static GenericChart WithColorAxis(
        GenericChart @this, ColorAxis colorAxis, FSharpOption<StyleParam.SubPlotId>? Id = null) =>
        @this.OnLayout(layout => layout.GetOrAdd<ColorAxis>((Id?.Value ?? StyleParam.SubPlotId.NewColorAxis(1)).ToString()).Merge(colorAxis.Copy()));

    /// <summary>Rows and columns of subplots.</summary>
    public static GenericChart WithLayoutGrid(
        this GenericChart @this, LayoutGrid layoutGrid) => @this.OnLayout(layout => layout.GetOrAdd<LayoutGrid>("grid").Merge(layoutGrid.Copy()));

    /// <summary>Rows and columns of subplots.</summary>
    public static GenericChart WithLayoutGridStyle(
        this GenericChart @this, FSharpOption<Tuple<StyleParam.LinearAxisId, StyleParam.LinearAxisId>[][]>? SubPlots = null,
        FSharpOption<StyleParam.LinearAxisId[]>? XAxes = null, FSharpOption<StyleParam.LinearAxisId[]>? YAxes = null, FSharpOption<int>? Rows = null,
        FSharpOption<int>? Columns = null, FSharpOption<StyleParam.LayoutGridRowOrder>? RowOrder = null,
        FSharpOption<StyleParam.LayoutGridPattern>? Pattern = null, FSharpOption<double>? XGap = null, FSharpOption<double>? YGap = null,
        FSharpOption<Domain>? Domain = null, FSharpOption<StyleParam.LayoutGridXSide>? XSide = null,
        FSharpOption<StyleParam.LayoutGridYSide>? YSide = null) =>
        @this.WithLayoutGrid(LayoutGrid.init(
            SubPlots: SubPlots, XAxes: XAxes, YAxes: YAxes, Rows: Rows, Columns: Columns, RowOrder: RowOrder, Pattern: Pattern, XGap: XGap,
            YGap: YGap, Domain: Domain, XSide: XSide, YSide: YSide));
}
