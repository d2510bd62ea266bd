using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using TimeSformer.Training;

namespace TimeSformer.Cli.Commands;

/// <summary><c>runs</c>: what has been trained, and how runs compare.</summary>
internal static class RunsCommand
{
    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Command Create()
    {
        var folders = new Argument<string[]>("folders") { Description = "Runs, or folders of runs", DefaultValueFactory = _ => ["runs"] };
        var asJson = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("runs", """
            List runs with their state and accuracy. Where several folders are named, also in what the recipes differ, and the accuracy after each epoch.
            `tensorboard --logdir runs` shows the same as curves.

            Example:
              ./timesformer runs runs/small runs/large
            """) { folders, asJson };
        command.SetAction(parsed =>
        {
            var named = parsed.GetRequiredValue(folders);
            foreach (var folder in named)
            {
                if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: there is no such folder; ./timesformer train makes runs");
            }
            var runs = named.SelectMany(RunSummary.ReadAll).ToList();
            if (runs.Count == 0) throw new InvalidDataException($"{string.Join(", ", named)}: there is no run here; ./timesformer train makes one");
            if (parsed.GetValue(asJson)) PrintJson(runs);
            else Print(runs, compare: named.Length > 1 && runs.Count > 1);
            return 0;
        });
        return command;
    }

    private static void Print(List<RunSummary> runs, bool compare)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("run").AddColumn("state");
        foreach (var title in new[] { "epochs", "steps", "loss", "accuracy@1", "best", "@5" }) table.AddColumn(new TableColumn(title).RightAligned());
        table.AddColumn("last change, UTC");
        foreach (var run in runs)
        {
            var last = run.Accuracy.Count > 0 ? run.Accuracy[^1] : null;
            table.AddRow(new[]
            {
                run.Folder, RecipeFile.NameOf(run.State), $"{run.Epochs}/{run.Recipe.Training.Epochs}", $"{run.Step}", Number(run.Loss), Percent(last?.Top1),
                Percent(run.Accuracy.Count > 0 ? run.Accuracy.Max(epoch => epoch.Top1) : null), Percent(last?.Top5), FormattableString.Invariant($"{run.Changed:yyyy-MM-dd HH:mm}"),
            }.Select(text => new Text(text)));
        }
        Terminal.Out.Write(table);
        if (!compare) return;
        Print("differs", RunSummary.Differences(runs).Select(entry => (entry.Key, entry.Value)), runs);
        var epochs = runs.SelectMany(run => run.Accuracy).Select(entry => entry.Epoch).Distinct().Order();
        Print("accuracy@1 after epoch", epochs.Select(epoch => ($"{epoch + 1}", (IReadOnlyList<string>)[.. runs.Select(run => Percent(run.Accuracy.FirstOrDefault(entry => entry.Epoch == epoch)?.Top1))])), runs);
    }

    // A row for each key, a column for each run.
    private static void Print(string title, IEnumerable<(string Key, IReadOnlyList<string> Values)> rows, List<RunSummary> runs)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(title);
        foreach (var run in runs) table.AddColumn(new TableColumn(Markup.Escape(run.Folder)).RightAligned());
        foreach (var (key, values) in rows) table.AddRow(values.Prepend(key).Select(text => new Text(text)));
        Terminal.Out.Write(table);
    }

    private static void PrintJson(List<RunSummary> runs) => Console.WriteLine(JsonSerializer.Serialize(
        new
        {
            runs = runs.Select(run => new
            {
                run.Folder, state = RecipeFile.NameOf(run.State), epochs = run.Epochs, of_epochs = run.Recipe.Training.Epochs, run.Step, run.Loss, run.Accuracy, run.Changed,
            }),
            differences = RunSummary.Differences(runs),
        },
        json));

    private static string Percent(double? share) => share is { } value ? FormattableString.Invariant($"{100 * value:0.0} %") : "-";

    private static string Number(double? value) => value is { } known ? FormattableString.Invariant($"{known:0.000}") : "-";
}
