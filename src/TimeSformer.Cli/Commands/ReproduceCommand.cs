using Microsoft.Data.Analysis;
using TimeSformer.Experiments;
using TimeSformer.Models.Attention;
using TimeSformer.Notebooks;

namespace TimeSformer.Cli.Commands;

/// <summary><c>reproduce STUDY</c>: an ablation of the paper as a table.</summary>
internal static class ReproduceCommand
{
    private static readonly (string Title, Func<CostResult, double?> Of, string Format)[] costs =
    [
        ("forward pass, ms", result => 1e3 * result.ForwardSeconds, "0"),
        ("training step without the optimizer, ms", result => 1e3 * result.TrainingSeconds, "0"),
        ("memory of a training step, MB", result => result.TrainingBytes / 1e6, "0"),
    ];

    public static Command Create()
    {
        var study = new Argument<string>("study")
        {
            Description = $"A study in experiments/ ({string.Join(", ", Names())}) or a file", Arity = ArgumentArity.ZeroOrOne,
        };
        var page = new Option<bool>("--page") { Description = "Only write experiments/REPRODUCTION.md: all studies beside the paper" };
        var scale = new Option<string>("--scale")
        {
            Description = "small (a laptop), real (a laptop, real videos), gpu or paper", DefaultValueFactory = _ => "small",
        };
        var seeds = Options.Count<int?>("--seeds", "Runs of each point of the grid (default: the study's number)", null);
        var only = new Option<string[]>("--only")
        {
            Description = "Values that a point must have, e.g. --only joint motion", AllowMultipleArgumentsPerToken = true,
        };
        var results = new Option<string>("--results")
        {
            Description = "Folder for the results, one JSON file per run",
            DefaultValueFactory = _ => Path.Combine("experiments", "results"),
        };
        var root = new Option<string?>("--root") { Description = "Folder with the data that recipes look for in data/ (default: there)" };
        var dry = new Option<bool>("--dry-run")
        {
            Description = "Only print the table, what is missing, and the time (from a timed step), memory and disk that it will take",
        };
        var budget = Options.Seconds(
            "--budget", "Stop after this time, such as 90m or 2h; the same command goes on (default: no limit)",
            most: TimeSpan.FromDays(30));
        var jobs = Options.Count<int?>("--jobs", "Runs side by side, each with its share of the cores (default: as memory allows)", null);
        var job = new Option<string?>("--job") { Description = "The run to do as a job of another process", Hidden = true };
        var device = Options.Device();
        return new Command("reproduce", """
            Do the missing runs of a study and print its table beside the paper's numbers. Finished runs are not repeated; if interrupted,
            the same command resumes. Given on several hosts that share the folder, it divides the runs among them.

            Example:
              ./timesformer reproduce attention-schemes --scale small --seeds 1
            """) { study, scale, seeds, only, root, results, jobs, job, dry, budget, page, device }.Does(Run);

        int Run(ParseResult parsed, CancellationToken cancel)
        {
            if (parsed.GetValue(page)) return WritePage();
            var file = FileOf(parsed.GetValue(study) ?? throw new InputException($"name a study: {string.Join(", ", Names())}"));
            var (size, folder, on) = (parsed.GetValue(scale)!, parsed.GetValue(results)!, parsed.GetValue(device)!);
            var (asked, isDry) = (Study.Load(file), parsed.GetValue(dry));
            var runner = new StudyRunner(asked, size, folder, device: on) { Root = parsed.GetValue(root) };
            var runs = asked.Runs(size, parsed.GetValue(seeds));
            if (parsed.GetValue(job) is { } name) return StudyJobs.RunOne(runner, runs.First(run => run.Name == name), on, cancel);
            runs = Chosen(asked, size, runs, parsed.GetValue(only) ?? []);
            if (asked.Measures is Measure.Cost)
            {
                Options.Refuse(parsed, $"{asked.Title} is measured model by model, without data", budget, jobs, root);
                return MeasureCosts(asked, size, new(asked, size, folder, on), runs, isDry, cancel);
            }
            var ready = runs.Where(run => runner.Find(run) is null && runner.MissingInput(run) is null).ToList();
            var side = new StudyJobs(runner, parsed.GetValue(jobs) ?? StudyJobs.AtMost(ready, on), Arguments);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            if (parsed.GetValue(budget) is > 0 and var seconds) stop.CancelAfter(TimeSpan.FromSeconds(seconds));
            int status = MeasureAccuracy(runner, size, runs, isDry, side, on, stop.Token);
            return status == ExitCode.Interrupted && !cancel.IsCancellationRequested ? 0 : status;

            string[] Arguments(StudyRun run) =>
            [
                "reproduce", file, "--scale", size, "--seeds", $"{run.Seed + 1}", "--results", folder, "--device", on, "--job", run.Name,
                .. runner.Root is { } data ? ["--root", data] : Array.Empty<string>(),
            ];
        }
    }

    private static int WritePage()
    {
        var path = Path.Combine(Options.Experiments, "REPRODUCTION.md");
        File.WriteAllText(path, ReproductionPage.Of(Options.Experiments));
        Console.WriteLine($"page: {path}");
        return 0;
    }

    private static IReadOnlyList<StudyRun> Chosen(Study study, string scale, IReadOnlyList<StudyRun> runs, string[] only)
    {
        if (only.FirstOrDefault(value => !runs.Any(run => run.Point.Values.Contains(value))) is { } unknown)
        {
            var known = string.Join(", ", study.AxesAt(scale).SelectMany(axis => axis.Values.Keys));
            throw new InputException($"--only {unknown}: no point has this value; the values are {known}");
        }
        IReadOnlyList<StudyRun> chosen = [.. runs.Where(run => only.All(value => run.Point.Values.Contains(value)))];
        return chosen.Count > 0 ? chosen : throw new InputException($"--only {string.Join(' ', only)}: no point has all these values");
    }

    private static int MeasureAccuracy(
        StudyRunner runner, string scale, IReadOnlyList<StudyRun> runs, bool dry, StudyJobs jobs, string device,
        CancellationToken cancel)
    {
        var study = runner.Study;
        var missing = runs.Where(run => runner.Find(run) is null).ToList();
        var byInput = missing.ToLookup(runner.MissingInput);
        var possible = byInput[null].ToList();
        var side = possible.Count > 0 && !dry ? $", {Math.Min(jobs.Count, possible.Count)} at a time" : "";
        Console.Error.WriteLine($"{study.Title}, {scale}: {runs.Count} runs, {runs.Count - missing.Count} done{side}");
        foreach (var group in byInput.Where(group => group.Key is not null))
        {
            Console.Error.WriteLine($"left out: {string.Join(", ", group.Select(run => run.Name))}: {group.Key}");
        }
        if (!dry && possible.Count == 0 && missing.Count > 0) return ExitCode.BadInput;
        int status = !dry && possible.Count > 0 ? jobs.Run(possible, cancel) : 0;
        if (status is not (0 or ExitCode.Interrupted)) return status;
        if (status == ExitCode.Interrupted) Console.Error.WriteLine("interrupted; the same command resumes");
        var held = possible.Where(run => runner.Find(run) is null).ToLookup(run => runner.Holder(run)?.Host);
        foreach (var host in held.Where(host => host.Key is not null))
        {
            Console.Error.WriteLine($"left to {host.Key}, which is at work on them: {string.Join(", ", host.Select(run => run.Name))}");
        }
        if (dry && possible.Count > 0)
        {
            PrintForecast(StudyForecast.Of(runner, possible, Math.Min(jobs.Count, possible.Count), device, cancel));
        }
        var table = StudyTable.Of(runs, runner.Find);
        Print(study, table);
        if (!dry) Save(study, scale, table.IsSeries ? StudyFigure.Lines(table) : StudyFigure.Columns(study, table));
        Console.WriteLine($"results: {runner.Folder}");
        return status;
    }

    private static void PrintForecast(StudyForecast forecast)
    {
        var (time, memory, disk) = (forecast.Time, forecast.Memory / 1e9, forecast.Disk / 1e9);
        var hours = time < TimeSpan.FromHours(1) ? $"{Math.Ceiling(time.TotalMinutes):0} minutes" : $"{time.TotalHours:0.0} hours";
        Console.WriteLine($"the missing runs will take about {hours}, {memory:0.0} GB of memory and {disk:0.0} GB of disk");
    }

    private static int MeasureCosts(
        Study study, string scale, CostRunner runner, IReadOnlyList<StudyRun> runs, bool dry, CancellationToken cancel)
    {
        var missing = runs.Where(run => runner.Computations.Any(way => runner.Find(run, way) is null)).ToList();
        Console.Error.WriteLine($"{study.Title}: {runs.Count} models, {runs.Count - missing.Count} measured");
        if (!dry && missing.Count > 0)
        {
            CountDisplay.Run("models", missing.Count * CostRunner.Rounds, progress => runner.Measure(missing, progress, cancel));
        }
        var results = runs.SelectMany(_ => runner.Computations, runner.Find).OfType<CostResult>().ToList();
        PrintCosts(
            runs, "multiply-adds of a clip, forward, in G",
            run => Text(results.Find(result => result.Hash == run.Hash), result => result.MultiplyAdds / 1e9, "0.00"));
        foreach (var (title, of, format) in costs)
        {
            foreach (var way in runner.Computations)
            {
                PrintCosts(runs, $"{title}, {StudyFigure.NameOf(way)}", run => Text(runner.Find(run, way), of, format));
            }
        }
        foreach (var (title, of, _) in costs) PrintCrossings(runner, runs, title, of);
        if (results.Exists(result => result.TrainingSeconds is null)) Console.WriteLine("'OOM' marks models that do not fit in memory.");
        if (!dry && results.Count > 0) Save(study, scale, StudyFigure.Costs(results));
        Console.WriteLine($"results: {runner.Folder}");
        return 0;
    }

    private static string Text(CostResult? result, Func<CostResult, double?> of, string format) =>
        result is null ? "-" : of(result)?.ToString(format) ?? "OOM";

    // From how many patches on divided attention costs less than joint.
    private static void PrintCrossings(
        CostRunner runner, IReadOnlyList<StudyRun> runs, string title, Func<CostResult, double?> of)
    {
        var schemes = runs.ToLookup(run => run.Recipe.Model.Attention);
        var (joint, divided) = (schemes[AttentionScheme.JointSpaceTime], schemes[AttentionScheme.DividedSpaceTime]);
        if (!joint.Any() || !divided.Any()) return;
        foreach (var way in runner.Computations)
        {
            IEnumerable<CostResult> Results(IEnumerable<StudyRun> runs) => runs.Select(run => runner.Find(run, way)).OfType<CostResult>();
            var crossing = Crossing.Of(Results(joint), Results(divided), of);
            Console.WriteLine($"{title}, {StudyFigure.NameOf(way)}: divided takes less than joint: {crossing}");
        }
    }

    // As a page that works without a network.
    private static void Save(Study study, string scale, Plotly.NET.GenericChart figure)
    {
        var page = Path.Combine("runs", scale, study.Name, "figure.html");
        Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        FigureHtml.Save(figure, page);
        Console.WriteLine($"figure: {page}");
    }

    private static void Print(Study study, StudyTable table)
    {
        Print(StudyReport.ToDataFrame(study, table), left: 1);
        Terminal.Out.WriteLine(table.Note);
        if (ClaimResult.Of(study, table) is not [_, ..] claims) return;
        Print(StudyReport.ToDataFrame(claims), left: 5);
        Terminal.Out.WriteLine(ClaimResult.Note(claims));
    }

    private static void Print(DataFrame frame, int left)
    {
        var titles = frame.Columns.Select(column => Markup.Escape(column.Name))
            .Select(title => title.StartsWith("paper:", StringComparison.Ordinal) ? $"[dim]{title}[/]" : title);
        Terminal.PrintTable(titles, frame.Rows.Select(row => row.Select(cell => $"{cell}")), left: left);
    }

    private static void PrintCosts(IReadOnlyList<StudyRun> runs, string title, Func<StudyRun, string> cell)
    {
        var (rows, columns) = (runs[0].Point.Keys.First(), runs[0].Point.Keys.Last());
        var titles = runs.Select(run => run.Point[columns]).Distinct().Select(Markup.Escape).Prepend(rows);
        Terminal.PrintTable(titles, runs.GroupBy(run => run.Point[rows], cell).Select(row => row.Prepend(row.Key)), title);
    }

    private static string FileOf(string study) => File.Exists(study) ? study : Path.Combine(Options.Experiments, $"{study}.yaml");

    private static IEnumerable<string> Names() => !Directory.Exists(Options.Experiments) ? []
        : Study.FilesIn(Options.Experiments).Select(file => Path.GetFileNameWithoutExtension(file));
}
