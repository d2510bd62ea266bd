namespace Plotly.NET;

/// <summary>
/// The default style. Nothing but data and thin grey lines on a transparent ground, so that it reads on light and dark pages; colours that
/// people with any colour vision tell apart (Paul Tol's bright scheme); room for labels.
/// </summary>
internal static class CleanTemplate
{
    /// <summary>The colour of text where the page's own is unknown: as far from white as from a dark page.</summary>
    public const string NeutralText = "#7d7d7d";

    private const string Grid = "rgba(128,128,128,0.22)";
    private const string AxisLine = "rgba(128,128,128,0.65)";

    private static readonly string[] Colours = ["#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#999999"];

    private static readonly string[] Traces = ["scatter", "bar", "heatmap", "histogram", "box", "violin", "contour"];

    public static Template Create()
    {
        var layout = new Layout()
            .With("font", Object(("family", "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"), ("size", 13), ("color", NeutralText)))
            .With("title", Object(("x", 0.02), ("xanchor", "left"), ("font", Object(("size", 17)))))
            .With("colorway", Colours)
            .With("paper_bgcolor", "rgba(0,0,0,0)")
            .With("plot_bgcolor", "rgba(0,0,0,0)")
            .With("margin", Object(("l", 64), ("r", 24), ("t", 56), ("b", 56)))
            .With("hovermode", "closest")
            .With("hoverlabel", Object(("align", "left"), ("namelength", -1)))
            .With("modebar", Object(("bgcolor", "rgba(0,0,0,0)"), ("color", AxisLine), ("activecolor", Colours[0])))
            .With("bargap", 0.15)
            .With("bargroupgap", 0.08)
            .With("colorscale", Object(("sequential", "Viridis"), ("sequentialminus", "Viridis"), ("diverging", "RdBu")))
            .With("coloraxis", Object(("colorscale", "Viridis"), ("colorbar", ColorBar())))
            .With("xaxis", Axis())
            .With("yaxis", Axis())
            .With("legend", Object(("bgcolor", "rgba(0,0,0,0)")))
            .With("annotationdefaults", Object(("arrowcolor", AxisLine), ("arrowhead", 0), ("arrowwidth", 1)))
            .With("shapedefaults", Object(("line", Object(("color", AxisLine), ("width", 1.5)))));
        var traces = new DynamicObj.DynamicObj();
        foreach (var type in Traces)
            traces.SetValue(type, new[] { Style(type) });
        return new Template().With("layout", layout).With("data", traces);
    }

    private static DynamicObj.DynamicObj Style(string type) => type switch
    {
        "scatter" => Object(("line", Object(("width", 2.25))), ("marker", Object(("size", 7))), ("error_y", ErrorBar()), ("error_x", ErrorBar())),
        "bar" => Object(("marker", Object(("line", Object(("width", 0))))), ("error_y", ErrorBar()), ("error_x", ErrorBar())),
        "heatmap" or "contour" => Object(("colorscale", "Viridis"), ("colorbar", ColorBar())),
        "box" or "violin" => Object(("line", Object(("width", 1.5)))),
        _ => Object(("marker", Object(("line", Object(("width", 0)))))),
    };

    private static DynamicObj.DynamicObj Axis() => Object(
        ("automargin", true), ("gridcolor", Grid), ("linecolor", AxisLine), ("tickcolor", AxisLine), ("zerolinecolor", AxisLine), ("zerolinewidth", 1),
        ("showline", true), ("ticks", "outside"), ("ticklen", 4), ("title", Object(("standoff", 10), ("font", Object(("size", 14))))));

    private static DynamicObj.DynamicObj ColorBar() => Object(("thickness", 14), ("outlinewidth", 0), ("ticks", "outside"), ("ticklen", 4), ("tickcolor", AxisLine));

    private static DynamicObj.DynamicObj ErrorBar() => Object(("color", NeutralText), ("thickness", 1.5), ("width", 4));

    private static DynamicObj.DynamicObj Object(params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var made = new DynamicObj.DynamicObj();
        foreach (var (name, value) in attributes)
            made.SetValue(name, value);
        return made;
    }
}
