using System.Globalization;
using Spectre.Console;
using TimeSformer.Experiments;
using TimeSformer.Notebooks;

namespace TimeSformer.Cli.Commands;

/// <summary>A study of costs: measures what is missing and prints a table for each quantity.</summary>
internal static class StudyCosts
{
    private static readonly (string Title, Func<CostResult, double?> Of, string Format)[] quantities =
    [
        ("multiply-adds of a clip, forward, in G", result => result.MultiplyAdds / 1e9, "0.00"),
        ("forward pass, ms", result => 1e3 * result.ForwardSeconds, "0"),
        ("training step without the optimiser's, ms", result => 1e3 * result.TrainingSeconds, "0"),
        ("memory of a training step, MB", result => result.TrainingBytes / 1e6, "0"),
    ];

    public static int Run(Study study, string scale, CostRunner runner, IReadOnlyList<StudyRun> runs, bool dry, CancellationToken cancel)
    {
        var missing = runs.Where(run => runner.Find(run) is null).ToList();
        Console.Error.WriteLine($"{study.Title}: {runs.Count} models, {runs.Count - missing.Count} measured");
        if (!dry && missing.Count > 0) CountDisplay.Run("models", missing.Count * CostRunner.Rounds, progress => runner.Measure(missing, progress, cancel));
        foreach (var (title, of, format) in quantities) Print(runs, title, run => runner.Find(run) is not { } result ? "-" : of(result) is { } value ? value.ToString(format, CultureInfo.InvariantCulture) : "no room");
        var results = runs.Select(runner.Find).OfType<CostResult>().ToList();
        if (results.Count > 0) ReproduceCommand.Save(study, scale, StudyFigure.Costs(results));
        Console.WriteLine($"results: {runner.Folder}");
        return 0;
    }

    private static void Print(IReadOnlyList<StudyRun> runs, string title, Func<StudyRun, string> cell)
    {
        var (rows, columns) = (runs[0].Point.Keys.First(), runs[0].Point.Keys.Last());
        var view = new Table().Border(TableBorder.Simple).Title(title).AddColumn(rows);
        foreach (var column in runs.Select(run => run.Point[columns]).Distinct()) view.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
        foreach (var row in runs.GroupBy(run => run.Point[rows])) view.AddRow([new Text(row.Key), .. row.Select(run => new Text(cell(run)))]);
        Terminal.Out.Write(view);
    }
}
