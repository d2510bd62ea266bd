using Microsoft.FSharp.Core;

namespace Plotly.NET;

/// <summary>How a figure behaves on a page: its tool bar, scrolling, resizing.</summary>
public class Config : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static Config init(
        FSharpOption<bool>? StaticPlot = null, FSharpOption<bool>? TypesetMath = null, FSharpOption<string>? PlotlyServerUrl = null,
        FSharpOption<bool>? Editable = null, FSharpOption<ConfigObjects.Edits>? Edits = null, FSharpOption<bool>? EditSelection = null,
        FSharpOption<bool>? Autosizable = null, FSharpOption<bool>? Responsive = null, FSharpOption<bool>? FillFrame = null,
        FSharpOption<double>? FrameMargins = null, FSharpOption<StyleParam.ScrollZoom>? ScrollZoom = null,
        FSharpOption<StyleParam.DoubleClick>? DoubleClick = null, FSharpOption<int>? DoubleClickDelay = null,
        FSharpOption<bool>? ShowAxisDragHandles = null, FSharpOption<bool>? ShowAxisRangeEntryBoxes = null, FSharpOption<bool>? ShowTips = null,
        FSharpOption<bool>? ShowLink = null, FSharpOption<string>? LinkText = null, FSharpOption<bool>? SendData = null,
        FSharpOption<object>? ShowSources = null, FSharpOption<bool>? DisplayModeBar = null, FSharpOption<bool>? ShowSendToCloud = null,
        FSharpOption<bool>? ShowEditInChartStudio = null, FSharpOption<IEnumerable<StyleParam.ModeBarButton>>? ModeBarButtonsToRemove = null,
        FSharpOption<IEnumerable<StyleParam.ModeBarButton>>? ModeBarButtonsToAdd = null,
        FSharpOption<IEnumerable<IEnumerable<StyleParam.ModeBarButton>>>? ModeBarButtons = null,
        FSharpOption<ConfigObjects.ToImageButtonOptions>? ToImageButtonOptions = null, FSharpOption<bool>? Displaylogo = null,
        FSharpOption<bool>? Watermark = null, FSharpOption<double>? plotGlPixelRatio = null, FSharpOption<object>? SetBackground = null,
        FSharpOption<string>? TopojsonURL = null, FSharpOption<string>? MapboxAccessToken = null, FSharpOption<int>? Logging = null,
        FSharpOption<int>? NotifyOnLogging = null, FSharpOption<int>? QueueLength = null, FSharpOption<object>? GlobalTransforms = null,
        FSharpOption<string>? Locale = null, FSharpOption<object>? Locales = null) =>
        new Config()
            .With("staticPlot", StaticPlot)
            .With("typesetMath", TypesetMath)
            .With("plotlyServerUrl", PlotlyServerUrl)
            .With("editable", Editable)
            .With("edits", Edits)
            .With("editSelection", EditSelection)
            .With("autosizable", Autosizable)
            .With("responsive", Responsive)
            .With("fillFrame", FillFrame)
            .With("frameMargins", FrameMargins)
            .With("scrollZoom", ScrollZoom)
            .With("doubleClick", DoubleClick)
            .With("doubleClickDelay", DoubleClickDelay)
            .With("showAxisDragHandles", ShowAxisDragHandles)
            .With("showAxisRangeEntryBoxes", ShowAxisRangeEntryBoxes)
            .With("showTips", ShowTips)
            .With("showLink", ShowLink)
            .With("linkText", LinkText)
            .With("sendData", SendData)
            .With("showSources", ShowSources)
            .With("displayModeBar", DisplayModeBar)
            .With("showSendToCloud", ShowSendToCloud)
            .With("showEditInChartStudio", ShowEditInChartStudio)
            .With("modeBarButtonsToRemove", ModeBarButtonsToRemove)
            .With("modeBarButtonsToAdd", ModeBarButtonsToAdd)
            .With("modeBarButtons", ModeBarButtons)
            .With("toImageButtonOptions", ToImageButtonOptions)
            .With("displaylogo", Displaylogo)
            .With("watermark", Watermark)
            .With("plotGlPixelRatio", plotGlPixelRatio)
            .With("setBackground", SetBackground)
            .With("topojsonURL", TopojsonURL)
            .With("mapboxAccessToken", MapboxAccessToken)
            .With("logging", Logging)
            .With("notifyOnLogging", NotifyOnLogging)
            .With("queueLength", QueueLength)
            .With("globalTransforms", GlobalTransforms)
            .With("locale", Locale)
            .With("locales", Locales);
}
