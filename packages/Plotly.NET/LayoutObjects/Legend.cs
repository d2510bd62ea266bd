using Microsoft.FSharp.Core;

namespace Plotly.NET.LayoutObjects;

/// <summary>Where the legend is and how it looks.</summary>
public class Legend : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static Legend init(
        FSharpOption<Color>? BGColor = null, FSharpOption<Color>? BorderColor = null, FSharpOption<double>? BorderWidth = null,
        FSharpOption<double>? EntryWidth = null, FSharpOption<StyleParam.EntryWidthMode>? EntryWidthMode = null, FSharpOption<Font>? Font = null,
        FSharpOption<StyleParam.TraceGroupClickOptions>? GroupClick = null, FSharpOption<Font>? GroupTitleFont = null,
        FSharpOption<StyleParam.TraceItemClickOptions>? ItemClick = null, FSharpOption<StyleParam.TraceItemClickOptions>? ItemDoubleClick = null,
        FSharpOption<StyleParam.TraceItemSizing>? ItemSizing = null, FSharpOption<int>? ItemWidth = null,
        FSharpOption<StyleParam.Orientation>? Orientation = null, FSharpOption<Title>? Title = null, FSharpOption<double>? TraceGroupGap = null,
        FSharpOption<StyleParam.TraceOrder>? TraceOrder = null, FSharpOption<string>? UIRevision = null,
        FSharpOption<StyleParam.VerticalAlign>? VerticalAlign = null, FSharpOption<bool>? Visible = null, FSharpOption<double>? X = null,
        FSharpOption<StyleParam.XAnchorPosition>? XAnchor = null, FSharpOption<string>? XRef = null, FSharpOption<double>? Y = null,
        FSharpOption<StyleParam.YAnchorPosition>? YAnchor = null, FSharpOption<string>? YRef = null) =>
        new Legend()
            .With("bgcolor", BGColor)
            .With("bordercolor", BorderColor)
            .With("borderwidth", BorderWidth)
            .With("entrywidth", EntryWidth)
            .With("entrywidthmode", EntryWidthMode)
            .With("font", Font)
            .With("groupclick", GroupClick)
            .With("grouptitlefont", GroupTitleFont)
            .With("itemclick", ItemClick)
            .With("itemdoubleclick", ItemDoubleClick)
            .With("itemsizing", ItemSizing)
            .With("itemwidth", ItemWidth)
            .With("orientation", Orientation)
            .With("title", Title)
            .With("tracegroupgap", TraceGroupGap)
            .With("traceorder", TraceOrder)
            .With("uirevision", UIRevision)
            .With("valign", VerticalAlign)
            .With("visible", Visible)
            .With("x", X)
            .With("xanchor", XAnchor)
            .With("xref", XRef)
            .With("y", Y)
            .With("yanchor", YAnchor)
            .With("yref", YRef);
}
