using System.Globalization;

namespace TimeSformer.Experiments;

/// <summary>What the model of a table's row costs.</summary>
/// <param name="Parameters">Its parameters.</param>
/// <param name="MultiplyAdds">Of one view, forward.</param>
/// <param name="ClipsPerSecond">The median speed of training over the row's runs; null if none measured it.</param>
public sealed record RowCost(long Parameters, long MultiplyAdds, double? ClipsPerSecond)
{
    /// <summary>The cost of a row by its results.</summary>
    internal static RowCost Of(IReadOnlyList<RunResult> results)
    {
        var speeds = results.Select(result => result.ClipsPerSecond).OfType<double>().Order().ToList();
        return new(results[0].Parameters, results[0].MultiplyAdds, speeds.Count > 0 ? speeds[speeds.Count / 2] : null);
    }
}

/// <summary>The columns of costs that stand beside a study's accuracies (<see cref="Study.Costs"/>), ours and then the paper's.</summary>
public static class CostColumns
{
    /// <summary>The columns of a table: a title, and the text of each row; "-" for what is not known.</summary>
    public static IReadOnlyList<(string Title, Func<string, string> Text)> Of(Study study, StudyTable table)
    {
        if (!study.Costs) return [];
        var paper = study.PaperCosts.Values.SelectMany(row => row.Keys).Distinct();
        return
        [
            ("ours: parameters, M", Ours(cost => cost.Parameters / 1e6)),
            ("ours: multiply-adds of a view, G", Ours(cost => cost.MultiplyAdds / 1e9)),
            ("ours: training, clips/s", Ours(cost => cost.ClipsPerSecond)),
            .. paper.Select(name => ($"paper: {name}", Papers(name))),
        ];

        Func<string, string> Papers(string name) => row =>
            study.PaperCosts.GetValueOrDefault(row)?.TryGetValue(name, out double value) == true
                ? value.ToString("0.###", CultureInfo.InvariantCulture) : "-";

        Func<string, string> Ours(Func<RowCost, double?> of) => row => Text(table.Costs.TryGetValue(row, out var cost) ? of(cost) : null);
    }

    // Three digits that count, no exponent.
    private static string Text(double? value) => value switch
    {
        null => "-",
        >= 100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
