using Microsoft.FSharp.Core;

namespace Plotly.NET.LayoutObjects;

/// <summary>Rows and columns of subplots.</summary>
public class LayoutGrid : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static LayoutGrid init(
        FSharpOption<int>? Rows = null, FSharpOption<int>? Columns = null,
        FSharpOption<Tuple<StyleParam.LinearAxisId, StyleParam.LinearAxisId>[][]>? SubPlots = null,
        FSharpOption<StyleParam.LinearAxisId[]>? XAxes = null, FSharpOption<StyleParam.LinearAxisId[]>? YAxes = null,
        FSharpOption<StyleParam.LayoutGridRowOrder>? RowOrder = null, FSharpOption<StyleParam.LayoutGridPattern>? Pattern = null,
        FSharpOption<double>? XGap = null, FSharpOption<double>? YGap = null, FSharpOption<Domain>? Domain = null,
        FSharpOption<StyleParam.LayoutGridXSide>? XSide = null, FSharpOption<StyleParam.LayoutGridYSide>? YSide = null) =>
        new LayoutGrid()
            .With("xaxes", XAxes)
            .With("yaxes", YAxes)
            .With("rows", Rows)
            .With("columns", Columns)
            .With("roworder", RowOrder)
            .With("pattern", Pattern)
            .With("xgap", XGap)
            .With("ygap", YGap)
            .With("domain", Domain)
            .With("xside", XSide)
            .With("yside", YSide)
            .With("subplots", SubPlots?.Value.Select(row => row.Select(cell => $"{cell.Item1}{cell.Item2}").ToArray()).ToArray());
}
