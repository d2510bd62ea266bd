using System.CommandLine;
using Spectre.Console;
using TimeSformer.Experiments;
using TimeSformer.Notebooks;
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
        var jobs = new Option<int?>("--jobs") { Description = "Runs side by side, each with its share of the cores; as many as cores and memory allow where not given" };
        var job = new Option<string?>("--job") { Description = "The one run that this process does for another", Hidden = true };
        var device = Options.Device();
        var command = new Command("reproduce", """
            Run what is missing of a study, and print its table with the paper's numbers beside ours. Stopped or killed, the same command goes on where it was;
            a run that is done is not repeated.

            Example:
              ./timesformer reproduce attention-schemes --scale small --seeds 1
            """) { study, scale, seeds, only, results, jobs, job, dry, device };
        command.SetAction((parsed, cancel) =>
        {
            var file = FileOf(parsed.GetRequiredValue(study));
            var (size, on) = (parsed.GetValue(scale)!, parsed.GetValue(device)!);
            var asked = Study.Load(file);
            var runner = new StudyRunner(asked, size, parsed.GetValue(results)!, device: on);
            if (parsed.GetValue(seeds) <= 0) throw new ArgumentException($"--seeds is {parsed.GetValue(seeds)}; it must be positive");
            if (parsed.GetValue(jobs) <= 0) throw new ArgumentException($"--jobs is {parsed.GetValue(jobs)}; it must be positive");
            var runs = asked.Runs(size, parsed.GetValue(seeds));
            if (parsed.GetValue(job) is { } name) return Task.FromResult(One(runner, runs.First(run => run.Name == name), on, cancel));
            runs = Chosen(asked, size, runs, parsed.GetValue(only) ?? []);
            if (asked.Measures is Measure.Cost) return Task.FromResult(StudyCosts.Run(asked, size, new(asked, size, parsed.GetValue(results)!, on), runs, parsed.GetValue(dry), cancel));
            string[] Arguments(StudyRun run) => ["reproduce", file, "--scale", size, "--seeds", $"{run.Seed + 1}", "--results", parsed.GetValue(results)!, "--device", on, "--job", run.Name];
            return Task.FromResult(All(runner, size, runs, parsed.GetValue(dry), parsed.GetValue(jobs) ?? StudyJobs.AtMost(runs, on), Arguments, cancel));
        });
        return command;
    }

    private static IReadOnlyList<StudyRun> Chosen(Study study, string scale, IReadOnlyList<StudyRun> runs, string[] only)
    {
        if (only.FirstOrDefault(value => !runs.Any(run => run.Point.Values.Contains(value))) is { } unknown)
        {
            throw new ArgumentException($"--only {unknown}: no point has this value; there are {string.Join(", ", study.AxesAt(scale).SelectMany(axis => axis.Values.Keys))}");
        }
        IReadOnlyList<StudyRun> chosen = [.. runs.Where(run => only.All(value => run.Point.Values.Contains(value)))];
        return chosen.Count > 0 ? chosen : throw new ArgumentException($"--only {string.Join(' ', only)}: no point has all these values");
    }

    // In a process of its own, for the one that began it: ends with it.
    private static int One(StudyRunner runner, StudyRun run, string device, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watch = new Thread(() =>
        {
            while (Console.In.Read() >= 0) { }
            stop.Cancel();
        })
        {
            IsBackground = true,
        };
        watch.Start();
        var result = runner.Run(run, Train, stop.Token);
        TrainingResult Train(Recipe recipe, string folder, CancellationToken token) => TrainingDisplay.Run(
            (step, epoch) => new Trainer(recipe, folder, device) { OnStep = step, OnEpoch = epoch }.Run(token));
        return result is null ? ExitCode.Interrupted : 0;
    }

    private static int All(StudyRunner runner, string scale, IReadOnlyList<StudyRun> runs, bool dry, int jobs, Func<StudyRun, string[]> arguments, CancellationToken cancel)
    {
        var study = runner.Study;
        var missing = runs.Where(run => runner.Find(run) is null).ToList();
        var byLack = missing.ToLookup(runner.MissingInput);
        var possible = byLack[null].ToList();
        Console.Error.WriteLine($"{study.Title}, {scale}: {runs.Count} runs, {runs.Count - missing.Count} done{(possible.Count > 0 && !dry ? $", {Math.Min(jobs, possible.Count)} at a time" : "")}");
        foreach (var group in byLack.Where(group => group.Key is not null)) Console.Error.WriteLine($"left out: {string.Join(", ", group.Select(run => run.Name))}: {group.Key}");
        if (!dry && possible.Count == 0 && missing.Count > 0) return ExitCode.BadInput;
        if (!dry && possible.Count > 0 && new StudyJobs(jobs, arguments).Run(possible, cancel) is not 0 and var status)
        {
            if (status == ExitCode.Interrupted) Console.Error.WriteLine("interrupted; the same command goes on from here");
            return status;
        }
        var table = StudyTable.Of(runs, runner.Find);
        Print(study, table);
        Save(study, scale, table.IsSeries ? StudyFigure.Lines(table) : StudyFigure.Columns(study, table));
        Console.WriteLine($"results: {runner.Folder}");
        return 0;
    }

    /// <summary>Writes a study's figure as a page that works without a network, and says where.</summary>
    public static void Save(Study study, string scale, Plotly.NET.GenericChart figure)
    {
        var page = Path.Combine("runs", scale, study.Name, "figure.html");
        Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        FigureHtml.Save(figure, page);
        Console.WriteLine($"figure: {page}");
    }

    private static void Print(Study study, StudyTable table)
    {
        var frame = StudyReport.ToDataFrame(study, table);
        var view = new Table().Border(TableBorder.Simple);
        foreach (var (place, column) in frame.Columns.Index())
        {
            var head = Markup.Escape(column.Name);
            view.AddColumn(place == 0 ? new TableColumn(head) : new TableColumn(column.Name.StartsWith("paper", StringComparison.Ordinal) ? $"[dim]{head}[/]" : head).RightAligned());
        }
        foreach (var row in frame.Rows) view.AddRow([.. row.Select(cell => new Text($"{cell}"))]);
        Terminal.Out.Write(view);
        Terminal.Out.WriteLine("accuracy@1 in percent, mean ± standard deviation (seeds)");
    }

    private static string FileOf(string study) => File.Exists(study) ? study : Path.Combine(Options.Experiments, $"{study}.yaml");

    private static IEnumerable<string> Names() => Directory.Exists(Options.Experiments)
        ? Directory.GetFiles(Options.Experiments, "*.yaml").Where(file => File.ReadLines(file).Any(line => line.StartsWith("scales:", StringComparison.Ordinal))).Select(file => Path.GetFileNameWithoutExtension(file)).Order()
        : [];
}
