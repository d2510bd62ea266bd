using Plotly.NET.TraceObjects;

namespace Plotly.NET.CSharp;

public static partial class Chart
{
    /// <summary>Rows of numbers as colours; the first row is at the bottom unless the y axis is reversed. Texts for cells are rows of texts: <c>SetValue("text", rows)</c>.</summary>
    public static GenericChart Heatmap<ZType, XType, YType, TextType>(
        IEnumerable<IEnumerable<ZType>> zData, Optional<string> Name = default, Optional<bool> ShowLegend = default,
        Optional<double> Opacity = default, Optional<IEnumerable<XType>> X = default, Optional<int> XGap = default,
        Optional<IEnumerable<YType>> Y = default, Optional<int> YGap = default, Optional<TextType> Text = default,
        Optional<IEnumerable<TextType>> MultiText = default, Optional<ColorBar> ColorBar = default,
        Optional<StyleParam.Colorscale> ColorScale = default, Optional<bool> ShowScale = default, Optional<bool> ReverseScale = default,
        Optional<StyleParam.SmoothAlg> ZSmooth = default, Optional<bool> Transpose = default, Optional<bool> UseWebGL = default,
        Optional<bool> ReverseYAxis = default, Optional<bool> UseDefaults = default)
        where ZType : IConvertible
        where XType : IConvertible
        where YType : IConvertible
        where TextType : IConvertible =>
        Parts.Draw(UseDefaults, new Trace2D("heatmap")
            .With("z", zData).With("name", Name).With("showlegend", ShowLegend).With("opacity", Opacity).With("x", X).With("xgap", XGap)
            .With("y", Y).With("ygap", YGap).With("text", Text).With("text", MultiText).With("colorbar", ColorBar).With("colorscale", ColorScale)
            .With("showscale", ShowScale).With("reversescale", ReverseScale).With("zsmooth", ZSmooth).With("transpose", Transpose))
            .ReverseYAxis(ReverseYAxis);

    /// <summary>Rows of numbers as colours with a text in each cell.</summary>
    public static GenericChart AnnotatedHeatmap<ZType, XType, YType, TextType>(
        IEnumerable<IEnumerable<ZType>> zData, IEnumerable<IEnumerable<string>> annotationText, Optional<string> Name = default,
        Optional<bool> ShowLegend = default, Optional<double> Opacity = default, Optional<IEnumerable<XType>> X = default,
        Optional<int> XGap = default, Optional<IEnumerable<YType>> Y = default, Optional<int> YGap = default, Optional<TextType> Text = default,
        Optional<IEnumerable<TextType>> MultiText = default, Optional<ColorBar> ColorBar = default,
        Optional<StyleParam.Colorscale> ColorScale = default, Optional<bool> ShowScale = default, Optional<bool> ReverseScale = default,
        Optional<StyleParam.SmoothAlg> ZSmooth = default, Optional<bool> Transpose = default, Optional<bool> UseWebGL = default,
        Optional<bool> ReverseYAxis = default, Optional<bool> UseDefaults = default)
        where ZType : IConvertible
        where XType : IConvertible
        where YType : IConvertible
        where TextType : IConvertible =>
        Heatmap<ZType, XType, YType, TextType>(
            zData: zData, Name: Name, ShowLegend: ShowLegend, Opacity: Opacity, X: X, XGap: XGap, Y: Y, YGap: YGap, Text: Text, MultiText: MultiText,
            ColorBar: ColorBar, ColorScale: ColorScale, ShowScale: ShowScale, ReverseScale: ReverseScale, ZSmooth: ZSmooth, Transpose: Transpose,
            UseWebGL: UseWebGL, ReverseYAxis: ReverseYAxis, UseDefaults: UseDefaults)
            .WriteInCells(zData, annotationText);

    /// <summary>A picture: rows of pixels, each a list of red, green and blue, or a data URL.</summary>
    public static GenericChart Image<IdType>(
        Optional<IEnumerable<IEnumerable<IEnumerable<int>>>> Z = default, Optional<string> Source = default, Optional<string> Name = default,
        Optional<bool> ShowLegend = default, Optional<double> Opacity = default, Optional<IEnumerable<IdType>> Ids = default,
        Optional<StyleParam.ColorModel> ColorModel = default, Optional<StyleParam.ColorComponentBound> ZMax = default,
        Optional<StyleParam.ColorComponentBound> ZMin = default, Optional<StyleParam.SmoothAlg> ZSmooth = default,
        Optional<bool> UseDefaults = default)
        where IdType : IConvertible =>
        Parts.Draw(UseDefaults, new Trace2D("image")
            .With("z", Z).With("source", Source).With("name", Name).With("showlegend", ShowLegend).With("opacity", Opacity).With("ids", Ids)
            .With("colormodel", ColorModel).With("zmax", ZMax).With("zmin", ZMin).With("zsmooth", ZSmooth));

    /// <summary>Rows of numbers as areas between lines of equal value. The lines have no width, as the original has it: set it on the trace.</summary>
    public static GenericChart Contour<ZType, XType, YType, TextType>(
        IEnumerable<IEnumerable<ZType>> zData, Optional<string> Name = default, Optional<bool> ShowLegend = default,
        Optional<double> Opacity = default, Optional<IEnumerable<XType>> X = default, Optional<IEnumerable<YType>> Y = default,
        Optional<TextType> Text = default, Optional<IEnumerable<TextType>> MultiText = default, Optional<ColorBar> ColorBar = default,
        Optional<StyleParam.Colorscale> ColorScale = default, Optional<bool> ShowScale = default, Optional<bool> ReverseScale = default,
        Optional<bool> Transpose = default, Optional<Color> ContourLineColor = default, Optional<StyleParam.DrawingStyle> ContourLineDash = default,
        Optional<double> ContourLineSmoothing = default, Optional<Line> ContourLine = default,
        Optional<StyleParam.ContourColoring> ContoursColoring = default, Optional<StyleParam.ConstraintOperation> ContoursOperation = default,
        Optional<StyleParam.ContourType> ContoursType = default, Optional<bool> ShowContourLabels = default,
        Optional<Font> ContourLabelFont = default, Optional<Contours> Contours = default, Optional<Color> FillColor = default,
        Optional<int> NContours = default, Optional<bool> UseDefaults = default)
        where ZType : IConvertible
        where XType : IConvertible
        where YType : IConvertible
        where TextType : IConvertible =>
        Parts.Draw(UseDefaults, new Trace2D("contour")
            .With("z", zData).With("name", Name).With("showlegend", ShowLegend).With("opacity", Opacity).With("x", X).With("y", Y)
            .With("text", Text).With("text", MultiText).With("colorbar", ColorBar).With("colorscale", ColorScale).With("showscale", ShowScale)
            .With("reversescale", ReverseScale).With("transpose", Transpose).With("fillcolor", FillColor).With("ncontours", NContours)
            .With("contours", Parts.Contours(Contours, ContoursColoring, ContoursOperation, ContoursType, ShowContourLabels, ContourLabelFont))
            .With("line", Parts.Line(ContourLine, ContourLineColor, dash: ContourLineDash).With("smoothing", ContourLineSmoothing).With("width", (object)0.0)));
}
