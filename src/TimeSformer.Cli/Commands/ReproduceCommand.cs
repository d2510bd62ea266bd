using System.CommandLine;
using Spectre.Console;
using TimeSformer.Experiments;
using TimeSformer.Training;

namespace TimeSformer.Cli.Commands;

/// <summary><c>reproduce STUDY</c>: an ablation of the paper as a table.</summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        var study = new Argument<string>("study") { Description = $"A study of experiments/ ({string.Join(", ", Names())}) or a file" };
        var scale = new Option<string>("--scale") { Description = "small (a laptop), gpu or paper", DefaultValueFactory = _ => "small" };
        var seeds = new Option<int?>("--seeds") { Description = "Runs of each point of the grid; the study's number where not given" };
        var only = new Option<string[]>("--only") { Description = "Values that a point must have, e.g. --only joint motion", AllowMultipleArgumentsPerToken = true };
        var results = new Option<string>("--results") { Description = "Folder of results, one JSON file a run", DefaultValueFactory = _ => Path.Combine("experiments", "results") };
        var dry = new Option<bool>("--dry-run") { Description = "Only print the table of what is there and what is missing" };
        var device = Options.Device();
        var command = new Command("reproduce", """
            Run what is missing of a study, and print its table with the paper's numbers beside ours. Stopped or killed, the same command goes on where it was;
            a run that is done is not repeated.

            Example:
              ./timesformer reproduce attention-schemes --scale small --seeds 1
            """) { study, scale, seeds, only, results, dry, device };
        command.SetAction((parsed, cancel) => Task.FromResult(Run(
            Study.Load(FileOf(parsed.GetRequiredValue(study))), parsed.GetValue(scale)!, parsed.GetValue(seeds), parsed.GetValue(only) ?? [], parsed.GetValue(results)!,
            parsed.GetValue(dry), parsed.GetValue(device)!, cancel)));
        return command;
    }

    private static int Run(Study study, string scale, int? seeds, string[] only, string results, bool dry, string device, CancellationToken cancel)
    {
        if (seeds <= 0) throw new ArgumentException($"--seeds is {seeds}; it must be positive");
        var runs = study.Runs(scale, seeds);
        if (only.FirstOrDefault(value => !runs.Any(run => run.Point.Values.Contains(value))) is { } unknown)
        {
            throw new ArgumentException($"--only {unknown}: no point has this value; there are {string.Join(", ", study.AxesAt(scale).SelectMany(axis => axis.Values.Keys))}");
        }
        runs = [.. runs.Where(run => only.All(value => run.Point.Values.Contains(value)))];
        if (runs.Count == 0) throw new ArgumentException($"--only {string.Join(' ', only)}: no point has all these values");
        var runner = new StudyRunner(study, scale, results, device: device);
        var missing = runs.Where(run => runner.Find(run) is null).ToList();
        Console.Error.WriteLine($"{study.Title}, {scale}: {runs.Count} runs, {runs.Count - missing.Count} done");
        for (int k = 0; k < missing.Count && !dry; k++)
        {
            var run = missing[k];
            Console.Error.WriteLine($"[{k + 1}/{missing.Count}] {string.Join(", ", run.Point.Select(entry => $"{entry.Key} {entry.Value}"))}, seed {run.Seed}");
            var result = runner.Run(
                run, (recipe, folder) => TrainingDisplay.Run((step, epoch) => new Trainer(recipe, folder, device) { OnStep = step, OnEpoch = epoch }.Run(cancel)), cancel);
            if (result is null)
            {
                Console.Error.WriteLine("interrupted; the same command goes on from here");
                return ExitCode.Interrupted;
            }
        }
        Print(study, StudyTable.Of(runs, runner.Find));
        Console.WriteLine($"results: {runner.Folder}");
        return 0;
    }

    // Ours, in percent with standard deviation and number of seeds, and the paper's columns beside it.
    private static void Print(Study study, StudyTable table)
    {
        var paper = study.Paper.Values.SelectMany(row => row.Keys).Distinct().ToList();
        var view = new Table().Border(TableBorder.Simple).AddColumn(table.RowAxis);
        foreach (var column in table.Columns) view.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
        foreach (var column in paper) view.AddColumn(new TableColumn($"[dim]paper: {Markup.Escape(column)}[/]").RightAligned());
        foreach (var row in table.Rows)
        {
            var ours = table.Columns.Select(column => table.Cells.TryGetValue((row, column), out var cell) ? cell.ToString() : "-");
            var theirs = paper.Select(column => study.Paper.TryGetValue(row, out var values) && values.TryGetValue(column, out double value) ? FormattableString.Invariant($"{value:0.0}") : "-");
            view.AddRow([.. ours.Concat(theirs).Prepend(row).Select(text => new Text(text))]);
        }
        Terminal.Out.Write(view);
        Terminal.Out.WriteLine("accuracy@1 in percent, mean ± standard deviation (seeds)");
    }

    private static string FileOf(string study) => File.Exists(study) ? study : Path.Combine(StudyFolder(), $"{study}.yaml");

    private static IEnumerable<string> Names() => Directory.Exists(StudyFolder())
        ? Directory.GetFiles(StudyFolder(), "*.yaml").Where(file => File.ReadLines(file).Any(line => line.StartsWith("scales:", StringComparison.Ordinal))).Select(file => Path.GetFileNameWithoutExtension(file)).Order()
        : [];

    // Here, or else in the repository that the program was built from.
    private static string StudyFolder() => Directory.Exists("experiments") ? "experiments" : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../experiments"));
}
