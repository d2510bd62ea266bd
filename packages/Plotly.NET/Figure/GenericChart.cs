using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Plotly.NET.Offline;

namespace Plotly.NET;

/// <summary>A figure: traces, a layout, and how it behaves on a page. Its With methods change it and return it.</summary>
[Offline.TypeFormatterSource(typeof(Offline.NotebookFormatters), PreferredMimeTypes = [Offline.FigureMime.Type, "text/html"])]
public abstract class GenericChart
{
    private GenericChart(IEnumerable<Trace> traces, Layout layout, Config config)
    {
        Traces = [.. traces];
        Layout = layout;
        Config = config;
    }

    internal List<Trace> Traces { get; }

    internal Layout Layout { get; private set; }

    internal Config Config { get; private set; }

    /// <summary>A figure of one trace, with what <see cref="Defaults"/> says or with nothing.</summary>
    public static GenericChart ofTraceObject(bool useDefaults, Trace trace) => Create([trace], useDefaults);

    /// <summary>The traces.</summary>
    public static FSharpList<Trace> getTraces(GenericChart gChart) => ListModule.OfSeq(gChart.Traces);

    /// <summary>How many traces there are.</summary>
    public static int countTrace(GenericChart gChart) => gChart.Traces.Count;

    /// <summary>Puts what a function makes of each trace in its place.</summary>
    public static GenericChart mapTrace(FSharpFunc<Trace, Trace> f, GenericChart gChart)
    {
        for (var i = 0; i < gChart.Traces.Count; i++)
            gChart.Traces[i] = f.Invoke(gChart.Traces[i]);
        return gChart;
    }

    /// <summary>The layout.</summary>
    public static Layout getLayout(GenericChart gChart) => gChart.Layout;

    /// <summary>Puts a layout in the place of the figure's.</summary>
    public static GenericChart setLayout(Layout layout, GenericChart gChart)
    {
        gChart.Layout = layout;
        return gChart;
    }

    /// <summary>Adds what a layout says to the figure's.</summary>
    public static GenericChart addLayout(Layout layout, GenericChart gChart)
    {
        gChart.Layout.Combine(layout);
        return gChart;
    }

    /// <summary>How the figure behaves on a page.</summary>
    public static Config getConfig(GenericChart gChart) => gChart.Config;

    /// <summary>Puts a configuration in the place of the figure's.</summary>
    public static GenericChart setConfig(Config config, GenericChart gChart)
    {
        gChart.Config = config;
        return gChart;
    }

    /// <summary>Adds what a configuration says to the figure's.</summary>
    public static GenericChart addConfig(Config config, GenericChart gChart)
    {
        gChart.Config.Merge(config);
        return gChart;
    }

    /// <summary>One figure with all the traces; where layouts differ the last one counts, lists of annotations and shapes are joined.</summary>
    public static GenericChart combine(IEnumerable<GenericChart> gCharts)
    {
        var charts = gCharts.ToList();
        if (charts.Count == 0)
            throw new ArgumentException("there is no chart to combine", nameof(gCharts));
        var combined = new Figure(charts.SelectMany(chart => chart.Traces), new Layout(), new Config());
        foreach (var chart in charts)
        {
            combined.Layout.Combine((Layout)chart.Layout.Copy());
            combined.Config.Merge(chart.Config.Copy());
        }
        return combined;
    }

    /// <summary>Traces, layout and configuration as JSON.</summary>
    public static string toJson(GenericChart gChart) =>
        FigureJson.Write(new Dictionary<string, object?> { ["data"] = gChart.Traces, ["layout"] = gChart.Layout, ["config"] = gChart.Config });

    /// <summary>Traces, layout and an empty list of frames as JSON: what plotly's own tools read.</summary>
    public static string toFigureJson(GenericChart gChart) =>
        FigureJson.Write(new Dictionary<string, object?> { ["data"] = gChart.Traces, ["layout"] = gChart.Layout, ["frames"] = Array.Empty<object>() });

    /// <summary>The figure as part of a page that has plotly.js already.</summary>
    public static string toChartHTML(GenericChart gChart) => FigureHtml.Waiting(gChart);

    /// <summary>The figure as a page by itself, plotly.js included: nothing is loaded from elsewhere.</summary>
    public static string toEmbeddedHTML(GenericChart gChart) => FigureHtml.Page(gChart);

    internal static GenericChart Create(IEnumerable<Trace> traces, bool useDefaults) => useDefaults
        ? new Figure(
            traces,
            new Layout().With("width", Defaults.DefaultWidth).With("height", Defaults.DefaultHeight).With("template", Defaults.DefaultTemplate.Copy()),
            (Config)Defaults.DefaultConfig.Copy())
        : new Figure(traces, new Layout(), new Config());

    private sealed class Figure(IEnumerable<Trace> traces, Layout layout, Config config) : GenericChart(traces, layout, config);
}
