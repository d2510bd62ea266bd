namespace TimeSformer.Cli.Commands;

/// <summary><c>runs</c>: lists and compares runs.</summary>
internal static class RunsCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("folders") { Description = "Runs, or folders of runs", DefaultValueFactory = _ => ["runs"] };
        var asJson = Options.Json();
        return new Command("runs", """
            List runs with their state and accuracy. For several folders, also print how the recipes differ and the accuracy after each
            epoch.
            `tensorboard --logdir runs` plots the same numbers.

            Example:
              ./timesformer runs runs/small runs/large
            """) { folders, asJson }.Does((parsed, _) =>
        {
            var named = parsed.GetRequiredValue(folders);
            foreach (var folder in named)
            {
                if (!Directory.Exists(folder)) throw new InputException($"{folder}: folder not found; ./timesformer train creates runs");
            }
            var runs = named.SelectMany(RunSummary.ReadAll).ToList();
            if (runs.Count == 0) throw new InputException($"{string.Join(", ", named)}: no run here; ./timesformer train creates one");
            if (parsed.GetValue(asJson)) PrintJson(runs);
            else Print(runs, compare: named.Length > 1 && runs.Count > 1);
            return 0;
        });
    }

    private static void Print(List<RunSummary> runs, bool compare)
    {
        string[] titles = ["run", "state", "epochs", "steps", "loss", "accuracy@1", "best", "@5", "last change, UTC"];
        Terminal.PrintTable(titles, runs.Select(Cells), left: 2);
        if (!compare) return;
        Print("differs", RunSummary.Differences(runs).Select(entry => (entry.Key, entry.Value)), runs);
        var epochs = runs.SelectMany(run => run.Accuracy).Select(entry => entry.Epoch).Distinct().Order();
        Print("accuracy@1 after epoch", epochs.Select(epoch => ($"{epoch + 1}", AccuracyAfter(epoch))), runs);

        static IEnumerable<string> Cells(RunSummary run)
        {
            var last = run.Accuracy is [.., var evaluated] ? evaluated : null;
            double? best = last is null ? null : run.Accuracy.Max(epoch => epoch.Top1);
            string[] cells =
            [
                run.Folder, RecipeFile.NameOf(run.State), $"{run.Epochs}/{run.Recipe.Training.Epochs}", $"{run.Step}", $"{run.Loss:0.000}",
                Percent(last?.Top1), Percent(best), Percent(last?.Top5), $"{run.Changed:yyyy-MM-dd HH:mm}",
            ];
            return cells.Select(text => text.Length > 0 ? text : "-");
        }

        IReadOnlyList<string> AccuracyAfter(int epoch) =>
            [.. runs.Select(run => Percent(run.Accuracy.FirstOrDefault(entry => entry.Epoch == epoch)?.Top1))];
    }

    // A row for each key, a column for each run.
    private static void Print(string title, IEnumerable<(string Key, IReadOnlyList<string> Values)> rows, List<RunSummary> runs) =>
        Terminal.PrintTable(runs.Select(run => Markup.Escape(run.Folder)).Prepend(title), rows.Select(row => row.Values.Prepend(row.Key)));

    private static void PrintJson(List<RunSummary> runs) => Terminal.PrintJson(new
    {
        runs = runs.Select(run => new
        {
            run.Folder, state = RecipeFile.NameOf(run.State), run.Epochs, of_epochs = run.Recipe.Training.Epochs, run.Step, run.Loss,
            run.Accuracy, run.Changed,
        }),
        differences = RunSummary.Differences(runs),
    });

    private static string Percent(double? fraction) => fraction is { } value ? $"{100 * value:0.0} %" : "-";
}
