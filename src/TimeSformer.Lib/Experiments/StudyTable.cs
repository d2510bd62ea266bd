using System.Globalization;

namespace TimeSformer.Experiments;

/// <summary>Accuracy of the runs of one cell of a table, which differ in their seeds and in pooled axes alone.</summary>
/// <param name="Mean">Accuracy@1 over the videos of all runs, 0 to 1.</param>
/// <param name="Std">Sample standard deviation over seeds; null for a single one.</param>
/// <param name="Seeds">Number of seeds.</param>
public sealed record Cell(double Mean, double? Std, int Seeds)
{
    /// <summary>In percent: <c>97.3 ± 0.4 (3)</c>.</summary>
    public override string ToString() => Std is { } std
        ? FormattableString.Invariant($"{100 * Mean:0.0} ± {100 * std:0.0} ({Seeds})")
        : FormattableString.Invariant($"{100 * Mean:0.0} ({Seeds})");
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
    private const string Only = "accuracy@1";

    /// <summary>Gathers the results of runs.</summary>
    public static StudyTable Of(IReadOnlyList<StudyRun> runs, Func<StudyRun, RunResult?> find)
    {
        var rowAxis = runs[0].Place.Keys.First();
        var cells = runs
            .Select(run => (Run: run, Result: find(run)!))
            .Where(entry => entry.Result is not null)
            .SelectMany(entry => ScoresOf(entry.Run, entry.Result))
            .GroupBy(score => (score.Row, score.Column))
            .ToDictionary(group => group.Key, group => Summary([.. group]));
        return new(
            rowAxis, [.. runs.Select(run => run.Place[rowAxis]).Distinct()], [.. runs.SelectMany(ColumnsOf).Distinct()], cells);
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

    private static IEnumerable<Score> ScoresOf(StudyRun run, RunResult result)
    {
        var tests = run.Tests.Keys.Select(result.Tests.GetValueOrDefault).Prepend(result.Test);
        return from entry in ColumnsOf(run).Zip(tests).Index()
               let isOwn = entry.Index == 0
               where isOwn || entry.Item.Second is not null
               let videos = entry.Item.Second?.Videos ?? 1
               select new Score(
                   run.Place.Values.First(), entry.Item.First, run.Seed, isOwn ? result.Top1 : entry.Item.Second!.Top1, videos);
    }

    // A seed's accuracy is over the videos of all its runs.
    private static Cell Summary(Score[] scores)
    {
        double[] bySeed = [.. scores.GroupBy(score => score.Seed, (_, seed) => Mean([.. seed]))];
        double average = bySeed.Average();
        double? std = bySeed.Length > 1 ? Math.Sqrt(bySeed.Sum(value => Math.Pow(value - average, 2)) / (bySeed.Length - 1)) : null;
        return new(Mean(scores), std, bySeed.Length);
    }

    private static double Mean(Score[] scores) => scores.Sum(score => score.Videos * score.Top1) / scores.Sum(score => score.Videos);

    private sealed record Score(string Row, string Column, int Seed, double Top1, int Videos);
}
