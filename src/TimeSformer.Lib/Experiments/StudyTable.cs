using System.Globalization;

namespace TimeSformer.Experiments;

/// <summary>Accuracy of the runs of one point of a grid, which differ in their seeds alone.</summary>
/// <param name="Mean">Mean accuracy@1, 0 to 1.</param>
/// <param name="Std">Sample standard deviation over seeds; null for a single run.</param>
/// <param name="Seeds">Number of runs.</param>
public sealed record Cell(double Mean, double? Std, int Seeds)
{
    /// <summary>In percent: <c>97.3 ± 0.4 (3)</c>.</summary>
    public override string ToString() => Std is { } std
        ? FormattableString.Invariant($"{100 * Mean:0.0} ± {100 * std:0.0} ({Seeds})")
        : FormattableString.Invariant($"{100 * Mean:0.0} ({Seeds})");
}

/// <summary>A study's results as a table: a row for each value of its first axis, a column for each combination of the others.</summary>
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
        var rowAxis = runs[0].Point.Keys.First();
        var cells = runs
            .Select(run => (Place: (run.Point[rowAxis], ColumnOf(run)), Result: find(run)))
            .Where(entry => entry.Result is not null)
            .GroupBy(entry => entry.Place, entry => entry.Result!.Top1)
            .ToDictionary(group => group.Key, group => Summary([.. group]));
        return new(rowAxis, [.. runs.Select(run => run.Point[rowAxis]).Distinct()], [.. runs.Select(ColumnOf).Distinct()], cells);

        string ColumnOf(StudyRun run) => run.Point.Count == 1
            ? Only
            : string.Join(", ", run.Point.Where(entry => entry.Key != rowAxis).Select(entry => entry.Value));
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

    private static Cell Summary(double[] values)
    {
        double mean = values.Average();
        double? std = values.Length > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)) : null;
        return new(mean, std, values.Length);
    }
}
