using Plotly.NET.TraceObjects;

namespace Plotly.NET.CSharp;

/// <summary>What the charts' factories have in common: from groups of arguments to the objects of a trace.</summary>
internal static class Parts
{
    public static GenericChart Draw(Optional<bool> useDefaults, Trace trace) => GenericChart.ofTraceObject(!useDefaults.IsSome || useDefaults.Value, trace);

    public static GenericChart OnTraces(this GenericChart chart, Action<Trace> change)
    {
        chart.Traces.ForEach(change);
        return chart;
    }

    public static Marker Marker(
        Optional<Marker> marker, Optional<Color> color, Optional<StyleParam.Colorscale> scale = default, Optional<Line> outline = default,
        Optional<StyleParam.MarkerSymbol> symbol = default, Optional<IEnumerable<StyleParam.MarkerSymbol>> symbols = default,
        Optional<IEnumerable<double>> opacities = default) =>
        marker.CopyOrNew()
            .With("color", color).With("colorscale", scale).With("line", outline)
            .With("symbol", symbol).With("symbol", symbols).With("opacity", opacities);

    public static Marker BarMarker(
        Optional<Marker> marker, Optional<Color> color, Optional<StyleParam.Colorscale> scale, Optional<Line> outline,
        Optional<IEnumerable<double>> opacities, Optional<Pattern> pattern, Optional<StyleParam.PatternShape> shape,
        Optional<IEnumerable<StyleParam.PatternShape>> shapes) =>
        Marker(marker, color, scale, outline, opacities: opacities)
            .With("pattern", pattern.CopyOrNew().With("shape", shape).With("shape", shapes));

    public static Line Line(
        Optional<Line> line, Optional<Color> color = default, Optional<double> width = default, Optional<StyleParam.DrawingStyle> dash = default,
        Optional<StyleParam.Colorscale> scale = default) =>
        line.CopyOrNew().With("color", color).With("width", width).With("dash", dash).With("colorscale", scale);

    public static Box Box(Optional<Box> box, Optional<bool> visible, Optional<double> width, Optional<Color> fill) =>
        box.CopyOrNew().With("visible", visible).With("width", width).With("fillcolor", fill);

    public static Contours Contours(
        Optional<Contours> contours, Optional<StyleParam.ContourColoring> coloring, Optional<StyleParam.ConstraintOperation> operation,
        Optional<StyleParam.ContourType> type, Optional<bool> showLabels, Optional<Font> labelFont) =>
        contours.CopyOrNew().With("coloring", coloring).With("operation", operation).With("type", type).With("showlabels", showLabels).With("labelfont", labelFont);

    public static Title Title(Optional<Title> title, Optional<string> text, Optional<Font> font, Optional<int> standoff) =>
        title.CopyOrNew().With("text", text).With("font", font).With("standoff", standoff);

    public static object? Bounds<TMin, TMax>(Optional<Tuple<TMin, TMax>> bounds) => bounds.IsSome ? new object?[] { bounds.Value.Item1, bounds.Value.Item2 } : null;

    /// <summary>A line and the band between two more: lower first, since plotly.js fills to the trace before.</summary>
    public static GenericChart Range(
        Optional<bool> useDefaults, GenericChart line, Trace lower, Trace upper, Action<Trace> common, Optional<string> groupName, Optional<Color> color)
    {
        var group = groupName.IsSome ? groupName.Value : "Range";
        foreach (var bound in (ReadOnlySpan<Trace>)[lower, upper])
        {
            common(bound);
            bound.With("legendgroup", group).GetOrAdd<Marker>("marker").With("color", color.IsSome ? color.Value : Color.fromString("rgba(0,0,0,0.5)"));
        }
        line.OnTraces(trace => trace.With("legendgroup", group).With("legendgrouptitle", new Title().With("text", group)));
        return GenericChart.Create([lower, upper, .. line.Traces], !useDefaults.IsSome || useDefaults.Value);
    }

    public static GenericChart ReverseYAxis(this GenericChart chart, Optional<bool> reverse) => reverse is { IsSome: true, Value: true }
        ? chart.WithYAxis(new LayoutObjects.LinearAxis().With("autorange", StyleParam.AutoRange.Reversed))
        : chart;

    /// <summary>A text in each cell of a heatmap, light on dark cells and dark on light ones. What was to be said under the pointer stays there.</summary>
    /// <exception cref="ArgumentException">There are not as many rows of texts as of numbers.</exception>
    public static GenericChart WriteInCells<T>(this GenericChart chart, IEnumerable<IEnumerable<T>> cells, IEnumerable<IEnumerable<string>> texts)
    {
        var rows = texts.Select(row => row.ToArray()).ToArray();
        if (rows.Length != cells.Count())
            throw new ArgumentException($"{rows.Length} rows of texts for {cells.Count()} rows of numbers", nameof(texts));
        return chart.OnTraces(trace => trace.With("hovertext", trace.Get<object>("text")).With("text", rows).With("texttemplate", "%{text}"));
    }
}
