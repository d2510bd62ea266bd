using Plotly.NET.TraceObjects;

namespace Plotly.NET.CSharp;

public static partial class Chart
{
    /// <summary>A line with the area under it.</summary>
    public static GenericChart Area<XType, YType, TextType>(
        IEnumerable<XType> x, IEnumerable<YType> y, Optional<bool> ShowMarkers = default, Optional<string> Name = default,
        Optional<bool> ShowLegend = default, Optional<double> Opacity = default, Optional<IEnumerable<double>> MultiOpacity = default,
        Optional<TextType> Text = default, Optional<IEnumerable<TextType>> MultiText = default,
        Optional<StyleParam.TextPosition> TextPosition = default, Optional<IEnumerable<StyleParam.TextPosition>> MultiTextPosition = default,
        Optional<Color> MarkerColor = default, Optional<StyleParam.Colorscale> MarkerColorScale = default, Optional<Line> MarkerOutline = default,
        Optional<StyleParam.MarkerSymbol> MarkerSymbol = default, Optional<IEnumerable<StyleParam.MarkerSymbol>> MultiMarkerSymbol = default,
        Optional<Marker> Marker = default, Optional<Color> LineColor = default, Optional<StyleParam.Colorscale> LineColorScale = default,
        Optional<double> LineWidth = default, Optional<StyleParam.DrawingStyle> LineDash = default, Optional<Line> Line = default,
        Optional<string> StackGroup = default, Optional<StyleParam.Orientation> Orientation = default,
        Optional<StyleParam.GroupNorm> GroupNorm = default, Optional<Color> FillColor = default, Optional<bool> UseWebGL = default,
        Optional<bool> UseDefaults = default)
        where XType : IConvertible
        where YType : IConvertible
        where TextType : IConvertible =>
        Line<XType, YType, TextType>(
            x: x, y: y, ShowMarkers: ShowMarkers, Name: Name, ShowLegend: ShowLegend, Opacity: Opacity, MultiOpacity: MultiOpacity, Text: Text,
            MultiText: MultiText, TextPosition: TextPosition, MultiTextPosition: MultiTextPosition, MarkerColor: MarkerColor,
            MarkerColorScale: MarkerColorScale, MarkerOutline: MarkerOutline, MarkerSymbol: MarkerSymbol, MultiMarkerSymbol: MultiMarkerSymbol,
            Marker: Marker, LineColor: LineColor, LineColorScale: LineColorScale, LineWidth: LineWidth, LineDash: LineDash, Line: Line,
            StackGroup: StackGroup, Orientation: Orientation, GroupNorm: GroupNorm, Fill: StyleParam.Fill.ToZero_y, FillColor: FillColor,
            UseWebGL: UseWebGL, UseDefaults: UseDefaults);

    /// <summary>A line and a band around it, from lower to upper: a mean and its spread.</summary>
    public static GenericChart Range<XType, YType, TextType>(
        IEnumerable<XType> x, IEnumerable<YType> y, IEnumerable<YType> upper, IEnumerable<YType> lower, StyleParam.Mode mode,
        Optional<string> Name = default, Optional<string> GroupName = default, Optional<bool> ShowMarkers = default,
        Optional<bool> ShowLegend = default, Optional<TextType> Text = default, Optional<IEnumerable<TextType>> MultiText = default,
        Optional<StyleParam.TextPosition> TextPosition = default, Optional<IEnumerable<StyleParam.TextPosition>> MultiTextPosition = default,
        Optional<Color> MarkerColor = default, Optional<StyleParam.Colorscale> MarkerColorScale = default, Optional<Line> MarkerOutline = default,
        Optional<StyleParam.MarkerSymbol> MarkerSymbol = default, Optional<IEnumerable<StyleParam.MarkerSymbol>> MultiMarkerSymbol = default,
        Optional<Marker> Marker = default, Optional<Marker> UpperMarker = default, Optional<Marker> LowerMarker = default,
        Optional<Color> LineColor = default, Optional<StyleParam.Colorscale> LineColorScale = default, Optional<double> LineWidth = default,
        Optional<StyleParam.DrawingStyle> LineDash = default, Optional<Line> Line = default, Optional<Line> UpperLine = default,
        Optional<Line> LowerLine = default, Optional<Color> RangeColor = default, Optional<TextType> UpperText = default,
        Optional<IEnumerable<TextType>> MultiUpperText = default, Optional<TextType> LowerText = default,
        Optional<IEnumerable<TextType>> MultiLowerText = default, Optional<Font> TextFont = default, Optional<string> LowerName = default,
        Optional<string> UpperName = default, Optional<bool> UseDefaults = default)
        where XType : IConvertible
        where YType : IConvertible
        where TextType : IConvertible =>
        Parts.Range(UseDefaults,
            Scatter<XType, YType, TextType>(
            x: x, y: y, mode: mode.WithText(TextPosition.IsSome || TextFont.IsSome).WithMarkers(ShowMarkers is { IsSome: true, Value: true }),
            Name: Name, ShowLegend: ShowLegend, Text: Text, MultiText: MultiText, TextPosition: TextPosition, MultiTextPosition: MultiTextPosition,
            MarkerColor: MarkerColor, MarkerColorScale: MarkerColorScale, MarkerOutline: MarkerOutline, MarkerSymbol: MarkerSymbol,
            MultiMarkerSymbol: MultiMarkerSymbol, Marker: Marker, LineColor: LineColor, LineColorScale: LineColorScale, LineWidth: LineWidth,
            LineDash: LineDash, Line: Line, UseDefaults: UseDefaults),
            new Trace2D("scatter").With("x", x).With("y", lower).With("name", LowerName.IsSome ? LowerName.Value : "lower").With("text", LowerText)
                .With("text", MultiLowerText).With("marker", LowerMarker).With("line", LowerLine),
            new Trace2D("scatter").With("x", x).With("y", upper).With("fill", StyleParam.Fill.ToNext_y).With("name", UpperName.IsSome ? UpperName.Value : "upper")
                .With("text", UpperText).With("text", MultiUpperText).With("marker", UpperMarker).With("line", UpperLine),
            trace => trace.With("mode", mode.WithText(TextPosition.IsSome || TextFont.IsSome).WithMarkers(ShowMarkers is { IsSome: true, Value: true }))
                .With("fillcolor", RangeColor).With("showlegend", !ShowLegend.IsSome || ShowLegend.Value).With("textposition", TextPosition)
                .With("textposition", MultiTextPosition).With("textfont", TextFont),
            GroupName, RangeColor);
}
