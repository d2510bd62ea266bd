using Plotly.NET.LayoutObjects;

namespace Plotly.NET.CSharp;

/// <summary>What is said of a chart once it is made: each method changes the chart and returns it. Plotly.NET has more of them.</summary>
public static class GenericChartExtensions
{
    /// <summary>The layout itself: what is set on it is set on the chart.</summary>
    public static Layout GetLayout(this GenericChart gChart) => GenericChart.getLayout(gChart);

    /// <summary>The traces themselves: what is set on one is set on the chart.</summary>
    public static Trace[] GetTraces(this GenericChart gChart) => [.. GenericChart.getTraces(gChart)];

    /// <summary>Writes the figure as a page that works without a network. The name gets the ending .html if it lacks it.</summary>
    public static void SaveHtml(
        this GenericChart gChart, string path, Optional<bool> OpenInBrowser = default) =>
        Plotly.NET.GenericChartExtensions.SaveHtml(gChart, path, OpenInBrowser.ToOption());

    /// <summary>Opens the figure in the browser.</summary>
    public static void Show(this GenericChart gChart) => Plotly.NET.Chart.Show(gChart);

    /// <summary>Name, visibility and place in the legend of all traces; the names of the second and later ones end in _1, _2, ...</summary>
    public static GenericChart WithTraceInfo(
        this GenericChart gChart, Optional<string> Name = default, Optional<StyleParam.Visible> Visible = default,
        Optional<bool> ShowLegend = default, Optional<int> LegendRank = default, Optional<string> LegendGroup = default,
        Optional<Title> LegendGroupTitle = default) =>
        Plotly.NET.GenericChartExtensions.WithTraceInfo(
            gChart, Name.ToOption(), Visible.ToOption(), ShowLegend.ToOption(), LegendRank.ToOption(), LegendGroup.ToOption(), LegendGroupTitle.ToOption());

    /// <summary>Width and height in pixels.</summary>
    public static GenericChart WithSize(
        this GenericChart gChart, Optional<int> Width = default, Optional<int> Height = default) =>
        gChart.OnLayout(layout => layout.With("width", Width).With("height", Height));

    /// <summary>An x axis: title, type, range, lines. <c>chart.WithXAxisStyle&lt;double, double, string&gt;(TitleText: "epoch")</c>.</summary>
    public static GenericChart WithXAxisStyle<MinType, MaxType, CategoryArrayType>(
        this GenericChart gChart, Optional<string> TitleText = default, Optional<Font> TitleFont = default, Optional<int> TitleStandoff = default,
        Optional<Title> Title = default, Optional<Color> Color = default, Optional<StyleParam.AxisType> AxisType = default,
        Optional<Tuple<MinType, MaxType>> MinMax = default, Optional<StyleParam.Mirror> Mirror = default, Optional<bool> ShowSpikes = default,
        Optional<Color> SpikeColor = default, Optional<int> SpikeThickness = default, Optional<bool> ShowLine = default,
        Optional<Color> LineColor = default, Optional<bool> ShowGrid = default, Optional<Color> GridColor = default,
        Optional<bool> ZeroLine = default, Optional<Color> ZeroLineColor = default, Optional<StyleParam.LinearAxisId> Anchor = default,
        Optional<StyleParam.Side> Side = default, Optional<StyleParam.LinearAxisId> Overlaying = default,
        Optional<Tuple<double, double>> Domain = default, Optional<double> Position = default,
        Optional<StyleParam.CategoryOrder> CategoryOrder = default, Optional<IEnumerable<CategoryArrayType>> CategoryArray = default,
        Optional<RangeSlider> RangeSlider = default, Optional<RangeSelector> RangeSelector = default, Optional<Color> BackgroundColor = default,
        Optional<bool> ShowBackground = default, Optional<StyleParam.SubPlotId> Id = default)
        where MinType : IConvertible
        where MaxType : IConvertible
        where CategoryArrayType : IConvertible =>
        gChart.WithXAxis(
            new LinearAxis()
                .With("title", Parts.Title(Title, TitleText, TitleFont, TitleStandoff)).With("range", Parts.Bounds(MinMax))
                .With("domain", Parts.Bounds(Domain)).With("color", Color).With("type", AxisType).With("mirror", Mirror)
                .With("showspikes", ShowSpikes).With("spikecolor", SpikeColor).With("spikethickness", SpikeThickness).With("showline", ShowLine)
                .With("linecolor", LineColor).With("showgrid", ShowGrid).With("gridcolor", GridColor).With("zeroline", ZeroLine)
                .With("zerolinecolor", ZeroLineColor).With("anchor", Anchor).With("side", Side).With("overlaying", Overlaying)
                .With("position", Position).With("categoryorder", CategoryOrder).With("categoryarray", CategoryArray)
                .With("rangeslider", RangeSlider).With("rangeselector", RangeSelector).With("backgroundcolor", BackgroundColor)
                .With("showbackground", ShowBackground),
            Id.ToOption());

    /// <summary>A y axis: title, type, range, lines.</summary>
    public static GenericChart WithYAxisStyle<MinType, MaxType, CategoryArrayType>(
        this GenericChart gChart, Optional<string> TitleText = default, Optional<Font> TitleFont = default, Optional<int> TitleStandoff = default,
        Optional<Title> Title = default, Optional<Color> Color = default, Optional<StyleParam.AxisType> AxisType = default,
        Optional<Tuple<MinType, MaxType>> MinMax = default, Optional<StyleParam.Mirror> Mirror = default, Optional<bool> ShowSpikes = default,
        Optional<Color> SpikeColor = default, Optional<int> SpikeThickness = default, Optional<bool> ShowLine = default,
        Optional<Color> LineColor = default, Optional<bool> ShowGrid = default, Optional<Color> GridColor = default,
        Optional<bool> ZeroLine = default, Optional<Color> ZeroLineColor = default, Optional<StyleParam.LinearAxisId> Anchor = default,
        Optional<StyleParam.Side> Side = default, Optional<StyleParam.LinearAxisId> Overlaying = default,
        Optional<Tuple<double, double>> Domain = default, Optional<double> Position = default,
        Optional<StyleParam.CategoryOrder> CategoryOrder = default, Optional<IEnumerable<CategoryArrayType>> CategoryArray = default,
        Optional<RangeSlider> RangeSlider = default, Optional<RangeSelector> RangeSelector = default, Optional<Color> BackgroundColor = default,
        Optional<bool> ShowBackground = default, Optional<StyleParam.SubPlotId> Id = default)
        where MinType : IConvertible
        where MaxType : IConvertible
        where CategoryArrayType : IConvertible =>
        gChart.WithYAxis(
            new LinearAxis()
                .With("title", Parts.Title(Title, TitleText, TitleFont, TitleStandoff)).With("range", Parts.Bounds(MinMax))
                .With("domain", Parts.Bounds(Domain)).With("color", Color).With("type", AxisType).With("mirror", Mirror)
                .With("showspikes", ShowSpikes).With("spikecolor", SpikeColor).With("spikethickness", SpikeThickness).With("showline", ShowLine)
                .With("linecolor", LineColor).With("showgrid", ShowGrid).With("gridcolor", GridColor).With("zeroline", ZeroLine)
                .With("zerolinecolor", ZeroLineColor).With("anchor", Anchor).With("side", Side).With("overlaying", Overlaying)
                .With("position", Position).With("categoryorder", CategoryOrder).With("categoryarray", CategoryArray)
                .With("rangeslider", RangeSlider).With("rangeselector", RangeSelector).With("backgroundcolor", BackgroundColor)
                .With("showbackground", ShowBackground),
            Id.ToOption());

    /// <summary>Adds to what the legend says.</summary>
    public static GenericChart WithLegend(
        this GenericChart gChart, Legend legend) =>
        gChart.OnLayout(layout => layout.GetOrAdd<Legend>("legend").Merge(legend.Copy()));

    /// <summary>Where the legend is and how it looks.</summary>
    public static GenericChart WithLegendStyle(
        this GenericChart gChart, Optional<Color> BGColor = default, Optional<Color> BorderColor = default, Optional<double> BorderWidth = default,
        Optional<double> EntryWidth = default, Optional<StyleParam.EntryWidthMode> EntryWidthMode = default, Optional<Font> Font = default,
        Optional<StyleParam.TraceGroupClickOptions> GroupClick = default, Optional<Font> GroupTitleFont = default,
        Optional<StyleParam.TraceItemClickOptions> ItemClick = default, Optional<StyleParam.TraceItemClickOptions> ItemDoubleClick = default,
        Optional<StyleParam.TraceItemSizing> ItemSizing = default, Optional<int> ItemWidth = default,
        Optional<StyleParam.Orientation> Orientation = default, Optional<Title> Title = default, Optional<double> TraceGroupGap = default,
        Optional<StyleParam.TraceOrder> TraceOrder = default, Optional<string> UIRevision = default,
        Optional<StyleParam.VerticalAlign> VerticalAlign = default, Optional<double> X = default,
        Optional<StyleParam.XAnchorPosition> XAnchor = default, Optional<double> Y = default, Optional<StyleParam.YAnchorPosition> YAnchor = default) =>
        gChart.WithLegend(new Legend()
            .With("bgcolor", BGColor).With("bordercolor", BorderColor).With("borderwidth", BorderWidth).With("entrywidth", EntryWidth)
            .With("entrywidthmode", EntryWidthMode).With("font", Font).With("groupclick", GroupClick).With("grouptitlefont", GroupTitleFont)
            .With("itemclick", ItemClick).With("itemdoubleclick", ItemDoubleClick).With("itemsizing", ItemSizing).With("itemwidth", ItemWidth)
            .With("orientation", Orientation).With("title", Title).With("tracegroupgap", TraceGroupGap).With("traceorder", TraceOrder)
            .With("uirevision", UIRevision).With("valign", VerticalAlign).With("x", X).With("xanchor", XAnchor).With("y", Y)
            .With("yanchor", YAnchor));
}
