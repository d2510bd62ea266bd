using Plotly.NET.LayoutObjects;
using Plotly.NET.TraceObjects;

namespace Plotly.NET.CSharp;

public static partial class Chart
{
    /// <summary>How often values fall into bins.</summary>
    public static GenericChart Histogram<XType, YType, TextType>(
        Optional<IEnumerable<XType>> X = default, Optional<IEnumerable<YType>> Y = default, Optional<StyleParam.Orientation> Orientation = default,
        Optional<string> Name = default, Optional<bool> ShowLegend = default, Optional<double> Opacity = default, Optional<TextType> Text = default,
        Optional<IEnumerable<TextType>> MultiText = default, Optional<StyleParam.HistFunc> HistFunc = default,
        Optional<StyleParam.HistNorm> HistNorm = default, Optional<string> AlignmentGroup = default, Optional<string> OffsetGroup = default,
        Optional<int> NBinsX = default, Optional<int> NBinsY = default, Optional<string> BinGroup = default, Optional<Bins> XBins = default,
        Optional<Bins> YBins = default, Optional<Color> MarkerColor = default, Optional<Marker> Marker = default, Optional<Line> Line = default,
        Optional<Error> XError = default, Optional<Error> YError = default, Optional<Cumulative> Cumulative = default,
        Optional<Hoverlabel> HoverLabel = default, Optional<bool> UseDefaults = default)
        where XType : IConvertible
        where YType : IConvertible
        where TextType : IConvertible =>
        Parts.Draw(UseDefaults, new Trace2D("histogram")
            .With("x", X).With("y", Y).With("orientation", Orientation).With("name", Name).With("showlegend", ShowLegend).With("opacity", Opacity)
            .With("text", Text).With("text", MultiText).With("histfunc", HistFunc).With("histnorm", HistNorm).With("alignmentgroup", AlignmentGroup)
            .With("offsetgroup", OffsetGroup).With("nbinsx", NBinsX).With("nbinsy", NBinsY).With("bingroup", BinGroup).With("xbins", XBins)
            .With("ybins", YBins).With("marker", Parts.Marker(Marker, MarkerColor)).With("line", Line).With("error_x", XError)
            .With("error_y", YError).With("cumulative", Cumulative).With("hoverlabel", HoverLabel));

    /// <summary>Quartiles and what lies outside.</summary>
    public static GenericChart BoxPlot<XType, YType, TextType>(
        Optional<IEnumerable<XType>> X = default, Optional<IEnumerable<YType>> Y = default, Optional<string> Name = default,
        Optional<bool> ShowLegend = default, Optional<TextType> Text = default, Optional<IEnumerable<TextType>> MultiText = default,
        Optional<Color> FillColor = default, Optional<Color> MarkerColor = default, Optional<Marker> Marker = default,
        Optional<double> Opacity = default, Optional<double> WhiskerWidth = default, Optional<StyleParam.BoxPoints> BoxPoints = default,
        Optional<StyleParam.BoxMean> BoxMean = default, Optional<double> Jitter = default, Optional<double> PointPos = default,
        Optional<StyleParam.Orientation> Orientation = default, Optional<Color> OutlineColor = default, Optional<double> OutlineWidth = default,
        Optional<Line> Outline = default, Optional<string> AlignmentGroup = default, Optional<string> OffsetGroup = default,
        Optional<bool> Notched = default, Optional<double> NotchWidth = default, Optional<StyleParam.QuartileMethod> QuartileMethod = default,
        Optional<bool> UseDefaults = default)
        where XType : IConvertible
        where YType : IConvertible
        where TextType : IConvertible =>
        Parts.Draw(UseDefaults, new Trace2D("box")
            .With("name", Name).With("showlegend", ShowLegend).With("opacity", Opacity).With("x", X).With("y", Y).With("text", Text)
            .With("text", MultiText).With("whiskerwidth", WhiskerWidth).With("boxpoints", BoxPoints).With("boxmean", BoxMean).With("jitter", Jitter)
            .With("pointpos", PointPos).With("orientation", Orientation).With("fillcolor", FillColor)
            .With("marker", Parts.Marker(Marker, MarkerColor)).With("line", Parts.Line(Outline, OutlineColor, OutlineWidth))
            .With("alignmentgroup", AlignmentGroup).With("offsetgroup", OffsetGroup).With("notched", Notched).With("notchwidth", NotchWidth)
            .With("quartilemethod", QuartileMethod));

    /// <summary>How values are distributed, as the width of a body.</summary>
    public static GenericChart Violin<XType, YType, TextType>(
        Optional<IEnumerable<XType>> X = default, Optional<IEnumerable<YType>> Y = default, Optional<string> Name = default,
        Optional<bool> ShowLegend = default, Optional<TextType> Text = default, Optional<IEnumerable<TextType>> MultiText = default,
        Optional<Color> FillColor = default, Optional<double> Opacity = default, Optional<StyleParam.BoxPoints> Points = default,
        Optional<double> Jitter = default, Optional<double> PointPos = default, Optional<StyleParam.Orientation> Orientation = default,
        Optional<double> Width = default, Optional<Color> MarkerColor = default, Optional<Marker> Marker = default,
        Optional<Color> OutlineColor = default, Optional<double> OutlineWidth = default, Optional<Line> Outline = default,
        Optional<string> AlignmentGroup = default, Optional<string> OffsetGroup = default, Optional<bool> ShowBox = default,
        Optional<double> BoxWidth = default, Optional<Color> BoxFillColor = default, Optional<Box> Box = default,
        Optional<double> BandWidth = default, Optional<MeanLine> MeanLine = default, Optional<string> ScaleGroup = default,
        Optional<StyleParam.ScaleMode> ScaleMode = default, Optional<StyleParam.ViolinSide> Side = default, Optional<StyleParam.Range> Span = default,
        Optional<StyleParam.SpanMode> SpanMode = default, Optional<bool> UseDefaults = default)
        where XType : IConvertible
        where YType : IConvertible
        where TextType : IConvertible =>
        Parts.Draw(UseDefaults, new Trace2D("violin")
            .With("x", X).With("y", Y).With("name", Name).With("showlegend", ShowLegend).With("opacity", Opacity).With("text", Text)
            .With("text", MultiText).With("fillcolor", FillColor).With("points", Points).With("jitter", Jitter).With("pointpos", PointPos)
            .With("orientation", Orientation).With("width", Width).With("marker", Parts.Marker(Marker, MarkerColor))
            .With("line", Parts.Line(Outline, OutlineColor, OutlineWidth)).With("alignmentgroup", AlignmentGroup).With("offsetgroup", OffsetGroup)
            .With("box", Parts.Box(Box, ShowBox, BoxWidth, BoxFillColor)).With("bandwidth", BandWidth).With("meanline", MeanLine)
            .With("scalegroup", ScaleGroup).With("scalemode", ScaleMode).With("side", Side).With("span", Span).With("spanmode", SpanMode));
}
