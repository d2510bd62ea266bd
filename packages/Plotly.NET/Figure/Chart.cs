namespace Plotly.NET;

/// <summary>What the original has for F#. Charts are made by the class of the same name in Plotly.NET.CSharp; using both namespaces, write
/// <c>using Chart = Plotly.NET.CSharp.Chart;</c>.</summary>
public sealed class Chart
{
    private Chart()
    {
    }

    /// <inheritdoc cref="GenericChart.combine"/>
    public static GenericChart Combine(IEnumerable<GenericChart> gCharts) => GenericChart.combine(gCharts);

    /// <summary>A chart that shows nothing: an empty cell of a grid.</summary>
    public static GenericChart Invisible()
    {
        var chart = GenericChart.Create([new Trace2D("scatter")], useDefaults: false);
        foreach (var name in (ReadOnlySpan<string>)["xaxis", "yaxis"])
        {
            chart.Layout.SetValue(name, new LayoutObjects.LinearAxis()
                .With("showgrid", false).With("showline", false).With("showticklabels", false).With("zeroline", false));
        }
        chart.Traces[0].Remove("type");
        return chart;
    }

    /// <summary>Opens the figure in the browser.</summary>
    public static void Show(GenericChart ch) => ch.SaveHtml(Path.Combine(Path.GetTempPath(), $"figure-{Guid.NewGuid():N}.html"), OpenInBrowser: true);
}
