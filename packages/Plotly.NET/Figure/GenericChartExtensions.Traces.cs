using Microsoft.FSharp.Core;
using Plotly.NET.TraceObjects;

namespace Plotly.NET;

/// <summary>What is said of a chart once it is made: each method changes the chart and returns it.</summary>
/// <remarks>Plotly.NET.CSharp has methods of the same names for another kind of optional arguments; with both namespaces in use a call that fits
/// both is ambiguous, for the original too.</remarks>
public static partial class GenericChartExtensions
{
    /// <summary>Name, visibility and place in the legend of all traces; the names of the second and later ones end in _1, _2, ...</summary>
    public static GenericChart WithTraceInfo(
        this GenericChart @this, FSharpOption<string>? Name = null, FSharpOption<StyleParam.Visible>? Visible = null,
        FSharpOption<bool>? ShowLegend = null, FSharpOption<int>? LegendRank = null, FSharpOption<string>? LegendGroup = null,
        FSharpOption<Title>? LegendGroupTitle = null) =>
        @this.EachTrace((trace, i) => trace
            .With("name", Name is null ? null : i > 0 ? $"{Name.Value}_{i}" : Name.Value)
            .With("visible", Visible).With("showlegend", ShowLegend).With("legendrank", LegendRank)
            .With("legendgroup", LegendGroup).With("legendgrouptitle", LegendGroupTitle));

    /// <summary>Which axes the traces use, by number: 2 for xaxis2.</summary>
    public static GenericChart WithAxisAnchor(
        this GenericChart @this, FSharpOption<int>? X = null, FSharpOption<int>? Y = null) =>
        @this.EachTrace(trace => trace
            .With("xaxis", X is null ? null : StyleParam.LinearAxisId.NewX(X.Value))
            .With("yaxis", Y is null ? null : StyleParam.LinearAxisId.NewY(Y.Value)));

    /// <summary>How points or bars are drawn.</summary>
    public static GenericChart WithMarker(
        this GenericChart @this, Marker marker) => @this.EachTrace(trace => trace.GetOrAdd<Marker>("marker").Merge(marker.Copy()));

    /// <summary>How points or bars are drawn.</summary>
    public static GenericChart WithMarkerStyle(
        this GenericChart @this, FSharpOption<bool>? AutoColorScale = null, FSharpOption<bool>? CAuto = null, FSharpOption<double>? CMax = null,
        FSharpOption<double>? CMid = null, FSharpOption<double>? CMin = null, FSharpOption<Color>? Color = null,
        FSharpOption<IEnumerable<Color>>? Colors = null, FSharpOption<StyleParam.SubPlotId>? ColorAxis = null,
        FSharpOption<ColorBar>? ColorBar = null, FSharpOption<StyleParam.Colorscale>? Colorscale = null, FSharpOption<Gradient>? Gradient = null,
        FSharpOption<Line>? Outline = null, FSharpOption<int>? MaxDisplayed = null, FSharpOption<double>? Opacity = null,
        FSharpOption<IEnumerable<double>>? MultiOpacity = null, FSharpOption<Pattern>? Pattern = null, FSharpOption<bool>? ReverseScale = null,
        FSharpOption<bool>? ShowScale = null, FSharpOption<int>? Size = null, FSharpOption<IEnumerable<int>>? MultiSize = null,
        FSharpOption<int>? SizeMin = null, FSharpOption<StyleParam.MarkerSizeMode>? SizeMode = null, FSharpOption<int>? SizeRef = null,
        FSharpOption<StyleParam.MarkerSymbol>? Symbol = null, FSharpOption<IEnumerable<StyleParam.MarkerSymbol>>? MultiSymbol = null,
        FSharpOption<StyleParam.MarkerSymbol3D>? Symbol3D = null, FSharpOption<IEnumerable<StyleParam.MarkerSymbol3D>>? MultiSymbol3D = null,
        FSharpOption<Color>? OutlierColor = null, FSharpOption<int>? OutlierWidth = null) =>
        @this.WithMarker(Marker.init(
            AutoColorScale: AutoColorScale, CAuto: CAuto, CMax: CMax, CMid: CMid, CMin: CMin, Color: Color, Colors: Colors, ColorAxis: ColorAxis,
            ColorBar: ColorBar, Colorscale: Colorscale, Gradient: Gradient, Outline: Outline, MaxDisplayed: MaxDisplayed, Opacity: Opacity,
            MultiOpacity: MultiOpacity, Pattern: Pattern, ReverseScale: ReverseScale, ShowScale: ShowScale, Size: Size, MultiSize: MultiSize,
            SizeMin: SizeMin, SizeMode: SizeMode, SizeRef: SizeRef, Symbol: Symbol, MultiSymbol: MultiSymbol, Symbol3D: Symbol3D,
            MultiSymbol3D: MultiSymbol3D, OutlierColor: OutlierColor, OutlierWidth: OutlierWidth));

    /// <summary>How lines are drawn.</summary>
    public static GenericChart WithLine(
        this GenericChart @this, Line line) => @this.EachTrace(trace => trace.GetOrAdd<Line>("line").Merge(line.Copy()));

    /// <summary>How lines are drawn.</summary>
    public static GenericChart WithLineStyle(
        this GenericChart @this, FSharpOption<bool>? AutoColorScale = null, FSharpOption<bool>? CAuto = null, FSharpOption<double>? CMax = null,
        FSharpOption<double>? CMid = null, FSharpOption<double>? CMin = null, FSharpOption<Color>? Color = null,
        FSharpOption<StyleParam.SubPlotId>? ColorAxis = null, FSharpOption<StyleParam.Colorscale>? Colorscale = null,
        FSharpOption<bool>? ReverseScale = null, FSharpOption<bool>? ShowScale = null, FSharpOption<ColorBar>? ColorBar = null,
        FSharpOption<StyleParam.DrawingStyle>? Dash = null, FSharpOption<StyleParam.Shape>? Shape = null, FSharpOption<bool>? Simplify = null,
        FSharpOption<double>? Smoothing = null, FSharpOption<double>? Width = null, FSharpOption<IEnumerable<double>>? MultiWidth = null,
        FSharpOption<Color>? OutlierColor = null, FSharpOption<double>? OutlierWidth = null) =>
        @this.WithLine(Line.init(
            AutoColorScale: AutoColorScale, CAuto: CAuto, CMax: CMax, CMid: CMid, CMin: CMin, Color: Color, ColorAxis: ColorAxis,
            Colorscale: Colorscale, ReverseScale: ReverseScale, ShowScale: ShowScale, ColorBar: ColorBar, Dash: Dash, Shape: Shape,
            Simplify: Simplify, Smoothing: Smoothing, Width: Width, MultiWidth: MultiWidth, OutlierColor: OutlierColor, OutlierWidth: OutlierWidth));

    /// <summary>Error bars along x.</summary>
    public static GenericChart WithXError(
        this GenericChart @this, Error xError) => @this.EachTrace(trace => trace.GetOrAdd<Error>("error_x").Merge(xError.Copy()));

    /// <summary>Error bars along x: their lengths, and downwards if they differ.</summary>
    public static GenericChart WithXErrorStyle<m, n>(
        this GenericChart @this, FSharpOption<IEnumerable<m>>? Array = null, FSharpOption<IEnumerable<n>>? Arrayminus = null,
        FSharpOption<bool>? Symmetric = null, FSharpOption<Color>? Color = null, FSharpOption<double>? Thickness = null,
        FSharpOption<double>? Width = null)
        where m : IConvertible
        where n : IConvertible =>
        @this.WithXError(Error.init(
            Array: Array, Arrayminus: Arrayminus, Symmetric: Symmetric, Color: Color, Thickness: Thickness, Width: Width));

    /// <summary>Error bars along y.</summary>
    public static GenericChart WithYError(
        this GenericChart @this, Error yError) => @this.EachTrace(trace => trace.GetOrAdd<Error>("error_y").Merge(yError.Copy()));

    /// <summary>Error bars along y: their lengths, and downwards if they differ.</summary>
    public static GenericChart WithYErrorStyle<k, l>(
        this GenericChart @this, FSharpOption<IEnumerable<k>>? Array = null, FSharpOption<IEnumerable<l>>? Arrayminus = null,
        FSharpOption<bool>? Symmetric = null, FSharpOption<Color>? Color = null, FSharpOption<double>? Thickness = null,
        FSharpOption<double>? Width = null)
        where k : IConvertible
        where l : IConvertible =>
        @this.WithYError(Error.init(
            Array: Array, Arrayminus: Arrayminus, Symmetric: Symmetric, Color: Color, Thickness: Thickness, Width: Width));

    /// <summary>The colour bars of all traces.</summary>
    public static GenericChart WithColorBar(
        this GenericChart @this, ColorBar colorbar) => @this.EachTrace(trace => trace.GetOrAdd<ColorBar>("colorbar").Merge(colorbar.Copy()));

    private static GenericChart EachTrace(this GenericChart chart, Action<Trace> change) => chart.EachTrace((trace, _) => change(trace));

    private static GenericChart EachTrace(this GenericChart chart, Action<Trace, int> change)
    {
        for (var i = 0; i < chart.Traces.Count; i++)
            change(chart.Traces[i], i);
        return chart;
    }
}
