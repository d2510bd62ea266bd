using Plotly.NET;
using Plotly.NET.CSharp;
using Plotly.NET.TraceObjects;
using TimeSformer.Costs;
using TimeSformer.Experiments;
using Chart = Plotly.NET.CSharp.Chart;

namespace TimeSformer.Notebooks;

/// <summary>Interactive figures of a study's results, next to the paper's.</summary>
public static class StudyFigure
{
    /// <summary>A group of columns for each row of the table: the results with their 95 % intervals, then the paper's.</summary>
    public static GenericChart Columns(Study study, StudyTable table)
    {
        double Percent(string row, string column) => table.Cells.TryGetValue((row, column), out var cell) ? 100 * cell.Mean : double.NaN;
        GenericChart Group(string name, IEnumerable<string> rows, Func<string, double> value) =>
            Chart.Column<double, string, string>(rows.Select(value).ToArray(), Keys: new(rows.ToArray(), true), Name: name);
        var results = table.Columns.Select(column => WithCells(
            Group(column, table.Rows, row => Percent(row, column)),
            table.Rows.Select(row => table.Cells.GetValueOrDefault((row, column)))));
        var paper = study.PaperColumns.Select(column =>
        {
            var rows = table.Rows.Where(row => study.Paper.TryGetValue(row, out var values) && values.ContainsKey(column)).ToList();
            return Group($"paper: {column}", rows, row => study.Paper[row][column]);
        });
        return WithAccuracyAxes(Chart.Combine(results.Concat(paper)), table.RowAxis);
    }

    /// <summary>A line for each column of the table, with 95 % intervals, over the numbers of its rows (<c>8 frames</c>).</summary>
    /// <exception cref="ArgumentException">A row does not begin with a number.</exception>
    public static GenericChart Lines(StudyTable table)
    {
        return WithAccuracyAxes(Chart.Combine(table.Columns.Select(Line)), table.RowAxis);

        GenericChart Line(string column)
        {
            var present = table.Rows.Where(row => table.Cells.ContainsKey((row, column))).ToList();
            var (x, y) = (present.Select(StudyTable.NumberOf), present.Select(row => 100 * table.Cells[(row, column)].Mean));
            var line = Chart.Line<double, double, string>(x.ToArray(), y.ToArray(), Name: column, ShowMarkers: true);
            return WithCells(line, present.Select(row => table.Cells[(row, column)]));
        }
    }

    /// <summary>
    /// Seconds per training step, logarithmic: for each clip a group of columns, one for each value of the first axis and way of computing,
    /// composed ones hatched.
    /// </summary>
    /// <param name="results">Results of a cost study; models that did not fit in memory are left out.</param>
    public static GenericChart Costs(IReadOnlyList<CostResult> results)
    {
        var measured = results.Where(result => result.TrainingSeconds is not null).OrderBy(result => result.Patches).ToList();
        var rows = results.Select(result => result.Point.Values.First()).Distinct().ToList();
        return Chart.Combine(measured
            .GroupBy(result => (Row: result.Point.Values.First(), result.Computation))
            .OrderBy(group => rows.IndexOf(group.Key.Row)).ThenBy(group => group.Key.Computation)
            .Select(group => Column(group.Key.Row, group.Key.Computation, [.. group])))
            .WithXAxisStyle<double, double, string>(TitleText: results[0].Point.Keys.Last())
            .WithYAxisStyle<double, double, string>(TitleText: "seconds per training step", AxisType: StyleParam.AxisType.Log)
            .WithCourseStyle().WithSize(980, 480);

        GenericChart Column(string row, Computation computation, List<CostResult> group) => Chart.Column<double, string, string>(
            group.Select(result => result.TrainingSeconds!.Value).ToArray(),
            Keys: new(group.Select(result => result.Point.Values.Last()).ToArray(), true), Name: $"{row}, {NameOf(computation)}",
            MarkerColor: Color.fromString(FigureStyle.ColorOf(rows.IndexOf(row))),
            MarkerPatternShape: computation is Computation.Composed
                ? StyleParam.PatternShape.DiagonalAscending : StyleParam.PatternShape.None);
    }

    /// <summary>composed or fused.</summary>
    public static string NameOf(Computation computation) => computation is Computation.Composed ? "composed" : "fused";

    /// <summary>The chart with accuracies from 0 to 100 on its vertical axis.</summary>
    internal static GenericChart WithAccuracyAxes(GenericChart chart, string horizontal) => chart
        .WithXAxisStyle<double, double, string>(TitleText: horizontal)
        .WithYAxisStyle<double, double, string>(TitleText: "accuracy@1, percent", MinMax: Tuple.Create(0.0, 100.0))
        .WithCourseStyle().WithSize(820, 440);

    // Error bars from the ends of the intervals, and on hovering what else is known of a cell.
    private static GenericChart WithCells(GenericChart chart, IEnumerable<Cell?> cells)
    {
        var all = cells.ToList();
        var error = new Error();
        error.SetProperty("symmetric", false);
        error.SetProperty("array", all.Select(cell => 100 * (cell?.Interval?.High - cell?.Mean ?? 0)).ToArray());
        error.SetProperty("arrayminus", all.Select(cell => 100 * (cell?.Mean - cell?.Interval?.Low ?? 0)).ToArray());
        foreach (var trace in GenericChart.getTraces(chart)) trace.SetProperty("hovertext", all.Select(Describe).ToArray());
        return Plotly.NET.Chart.withYError(error).Invoke(chart);

        static string Describe(Cell? cell) => cell is null ? "" : FormattableString.Invariant(
            $"{cell.Scores.Count} runs, interquartile mean {100 * cell.InterquartileMean:0.0}");
    }
}
