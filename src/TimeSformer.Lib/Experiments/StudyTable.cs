using System.Globalization;
using TimeSformer.Experiments.Statistics;

namespace TimeSformer.Experiments;

/// <summary>Accuracy@1 of the runs of one cell of a table, which differ in their seeds and in pooled axes alone.</summary>
/// <param name="scores">Of each run, 0 to 1, weighted by its videos; a value of the pooled axes is a stratum.</param>
public sealed class Cell(IReadOnlyList<Score> scores)
{
    /// <summary>Accuracy@1 of each run, 0 to 1.</summary>
    public IReadOnlyList<Score> Scores => scores;

    /// <summary>Accuracy@1 over the videos of all runs, 0 to 1.</summary>
    public double Mean { get; } = scores.Mean();

    /// <summary>Accuracy@1 over the middle half of the runs, 0 to 1.</summary>
    public double InterquartileMean { get; } = scores.InterquartileMean();

    /// <summary>The mean's 95 % interval (<see cref="Bootstrap.OfMean"/>), within 0 to 1; null if no two runs share a fold.</summary>
    public Interval? Interval { get; } = Bootstrap.OfMean(scores) is { } interval
        ? new(Math.Max(0, interval.Low), Math.Min(1, interval.High)) : null;

    /// <summary>In percent, with half of the interval's width: <c>78.3 ± 2.1</c>, or <c>78.3</c>.</summary>
    public override string ToString() => Interval is { } interval
        ? FormattableString.Invariant($"{100 * Mean:0.0} ± {100 * interval.HalfWidth:0.0}")
        : FormattableString.Invariant($"{100 * Mean:0.0}");
}

/// <summary>
/// A study's results as a table: a row for each value of its first axis, a column for each combination of the others and, if the study has
/// further tests, for each of these. Pooled axes are summed up within a cell.
/// </summary>
/// <param name="RowAxis">Name of the first axis.</param>
/// <param name="Rows">Its values.</param>
/// <param name="Columns">The combinations of the other axes' values, joined by a comma.</param>
/// <param name="Cells">By row and column; absent if nothing has run yet.</param>
public sealed record StudyTable(
    string RowAxis, IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, IReadOnlyDictionary<(string Row, string Column), Cell> Cells)
{
    /// <summary>The column's name where there is no axis but the rows'.</summary>
    public const string Only = "accuracy@1";

    private const double Significant = 0.05;

    /// <summary>What the models of the rows cost; absent if nothing has run yet.</summary>
    public IReadOnlyDictionary<string, RowCost> Costs { get; init; } = new Dictionary<string, RowCost>();

    /// <summary>
    /// The cells that may be set in bold. A column has some if its best row is significantly above another one: then they are the best and
    /// all that are not significantly below it. Significant are differences with p below 0.05 (<see cref="Comparison.PValue"/>) after
    /// Holm's correction over all pairs of rows in all columns.
    /// </summary>
    public IReadOnlySet<(string Row, string Column)> Best => field ??= FindBest();

    /// <summary>
    /// A cell as tables print it: "-" without results, between two asterisks on either side (Markdown's bold) if it is one of
    /// <see cref="Best"/>.
    /// </summary>
    public string Text(string row, string column) =>
        !Cells.TryGetValue((row, column), out var cell) ? "-" : Best.Contains((row, column)) ? $"**{cell}**" : $"{cell}";

    /// <summary>What stands under the table: what a cell says, of how many runs.</summary>
    public string Note
    {
        get
        {
            if (Cells.Count == 0) return "no results";
            var interval = Cells.Values.Any(cell => cell.Interval is not null) ? " ± half of the 95 % interval" : "";
            var (least, most) = (Cells.Values.Min(cell => cell.Scores.Count), Cells.Values.Max(cell => cell.Scores.Count));
            var count = most == 1 ? "one run" : least == most ? $"{most} runs" : $"{least} to {most} runs";
            var bold = Best.Count > 0 ? "; bold: the best of a column and what is not significantly below it" : "";
            return $"accuracy@1 in percent{interval}, of {count} each{bold}";
        }
    }

    /// <summary>Gathers the results of runs.</summary>
    public static StudyTable Of(IReadOnlyList<StudyRun> runs, Func<StudyRun, RunResult?> find)
    {
        var rowAxis = runs[0].Place.Keys.First();
        var done = runs.Select(run => (Run: run, Result: find(run)!)).Where(entry => entry.Result is not null).ToList();
        var cells = done
            .SelectMany(entry => ScoresOf(entry.Run, entry.Result))
            .GroupBy(entry => entry.Place, entry => entry.Score)
            .ToDictionary(group => group.Key, group => new Cell(Weighted([.. group])));
        return new(
            rowAxis, [.. runs.Select(run => run.Place[rowAxis]).Distinct()], [.. runs.SelectMany(ColumnsOf).Distinct()], cells)
        {
            Costs = done.GroupBy(entry => entry.Run.Place[rowAxis], entry => entry.Result)
                .ToDictionary(row => row.Key, row => RowCost.Of([.. row])),
        };
    }

    /// <summary>Whether all rows are quantities, so that lines can be drawn through them.</summary>
    public bool IsSeries => Rows.All(row => Leading(row).Length > 0);

    /// <summary>The number at the start of a value's name: 8 of <c>8 frames</c>.</summary>
    /// <exception cref="ArgumentException">The name starts with no number.</exception>
    public static double NumberOf(string value) =>
        double.TryParse(Leading(value), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new ArgumentException($"'{value}' does not begin with a number");

    private static string Leading(string value) => string.Concat(value.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.'));

    private static IEnumerable<string> ColumnsOf(StudyRun run)
    {
        var column = string.Join(", ", run.Place.Values.Skip(1));
        return run.Tests.Keys.Select(test => column.Length > 0 ? $"{column}, {test}" : test).Prepend(column.Length > 0 ? column : Only);
    }

    // Results that do not say how many videos they tested weigh nothing yet: then all of the cell count alike.
    private static List<Score> Weighted(List<Score> scores) =>
        scores.TrueForAll(score => score.Weight > 0) ? scores : [.. scores.Select(score => score with { Weight = 1 })];

    private static IEnumerable<((string Row, string Column) Place, Score Score)> ScoresOf(StudyRun run, RunResult result)
    {
        var stratum = string.Join(", ", run.Pooled.Select(axis => run.Point[axis]));
        var tests = run.Tests.Keys.Select(result.Tests.GetValueOrDefault).Prepend(result.Test);
        return from entry in ColumnsOf(run).Zip(tests).Index()
               let isOwn = entry.Index == 0
               where isOwn || entry.Item.Second is not null
               let top1 = isOwn ? result.Top1 : entry.Item.Second!.Top1
               select ((run.Place.Values.First(), entry.Item.First), new Score(stratum, run.Seed, top1, entry.Item.Second?.Videos ?? 0));
    }

    private HashSet<(string Row, string Column)> FindBest()
    {
        var byColumn = Cells.Keys.GroupBy(place => place.Column, place => place.Row).ToList();
        var pairs = (from column in byColumn
                     from first in column
                     from second in column
                     where string.CompareOrdinal(first, second) < 0
                     let comparison = Comparison.Of(Cells[(first, column.Key)].Scores, Cells[(second, column.Key)].Scores)
                     where comparison is not null
                     select (First: (first, column.Key), Second: (second, column.Key), P: comparison.PValue())).ToList();
        var adjusted = Holm.Adjust([.. pairs.Select(pair => pair.P)]);
        var differ = pairs.Zip(adjusted).Where(entry => entry.Second < Significant)
            .SelectMany(entry => new[] { (entry.First.First, entry.First.Second), (entry.First.Second, entry.First.First) }).ToHashSet();
        return [.. byColumn.SelectMany(BestOf)];

        IEnumerable<(string Row, string Column)> BestOf(IGrouping<string, string> column)
        {
            var places = column.Select(row => (row, column.Key)).ToList();
            var best = places.MaxBy(place => Cells[place].Mean);
            var top = places.Where(place => !differ.Contains((best, place))).ToList();
            return top.Count < places.Count ? top : [];
        }
    }
}
