using Plotly.NET;
using Plotly.NET.CSharp;
using TimeSformer.Data;
using TimeSformer.Notebooks;
using Chart = Plotly.NET.CSharp.Chart;

namespace TimeSformer.Cli.Commands;

/// <summary>A page that plots the contents of lists of videos: class sizes above, video lengths below.</summary>
internal static class DataFigure
{
    public static void Save(IReadOnlyList<(string Name, VideoCheck Check)> checks, string path)
    {
        var sizes = Chart.Combine(checks.Select(entry => Chart.Column<int, string, string>(
            entry.Check.Classes.Select(count => count.Videos).ToArray(),
            Keys: new(entry.Check.Classes.Select(count => count.Name).ToArray(), true), Name: $"{entry.Name}: videos")));
        var lengths = Chart.Combine(checks.Select(entry => Chart.Histogram<double, double, string>(
            X: new([.. entry.Check.Durations], true), Name: $"{entry.Name}: seconds")));
        var both = Chart.Grid([sizes, lengths], nRows: 2, nCols: 1, Pattern: StyleParam.LayoutGridPattern.Independent, YGap: 0.5);
        FigureHtml.Save(both.WithCourseStyle().WithSize(900, 700), path);
    }
}
