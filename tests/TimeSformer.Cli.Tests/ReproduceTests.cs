using TimeSformer.Cli.Commands;

namespace TimeSformer.Tests;

/// <summary>Studies from the command line: runs side by side, each in a process of its own.</summary>
public sealed class ReproduceTests : FolderTests
{
    public ReproduceTests() => folder.Write("study.yaml", """
        title: A small study
        axes:
          - name: attention
            values:
              space: {model.attention_type: space_only}
              divided: {model.attention_type: divided_space_time}
              missing: {data.procedural: null, data.layout: folders, data.root: nowhere}
        paper: {space: {K400: 76.9}}
        scales:
          small:
            changes: {
              model.preset: tiny,
              data.procedural: {train_per_class: 2, val_per_class: 1}, data.num_frames: 8, data.sampling_rate: 2, data.crop_size: 32,
              data.train_jitter_scales: [32, 36], data.num_workers: 0,
              training.epochs: 3, training.batch_size: 2, training.optimizer: adamw, training.lr: 0.001, training.steps: [0],
              training.lrs: [1]}
        """);

    [Fact]
    public void A_killed_study_resumes_and_ends_with_the_numbers_of_an_unbroken_one()
    {
        var unbroken = Reproduce("unbroken");
        Assert.Equal(0, unbroken.Status);
        Assert.Contains("A small study, small: 3 runs, 0 done, 2 at a time", unbroken.Error, StringComparison.Ordinal);
        Assert.Contains("left out: missing_seed0: data.root is", unbroken.Error, StringComparison.Ordinal);
        Assert.Contains("divided_seed0: epoch 3: validation accuracy@1", unbroken.Error, StringComparison.Ordinal);
        Assert.Contains("76.9", unbroken.Out, StringComparison.Ordinal);
        var figure = folder.File("unbroken/runs/small/study/figure.html");
        Assert.Contains("plotly", File.ReadAllText(figure), StringComparison.OrdinalIgnoreCase);

        using (var killed = CommandLine.Start(Home("killed"), null, Arguments))
        {
            _ = killed.StandardError.ReadToEndAsync();
            var runs = folder.File("killed/runs/small/study");
            bool HasCheckpoint() => Directory.Exists(runs) && Directory.GetDirectories(runs, "checkpoint-*", SearchOption.AllDirectories)
                .Any(path => !path.EndsWith(".partial", StringComparison.Ordinal));
            while (!killed.HasExited && !HasCheckpoint()) Thread.Sleep(10);
            killed.Kill();
            killed.WaitForExit();
            Assert.NotEqual(0, killed.ExitCode);
        }
        Assert.Equal(0, Reproduce("killed").Status);
        Assert.Equal(Epochs("unbroken", "space_seed0.json"), Epochs("killed", "space_seed0.json"));
        Assert.Equal(Epochs("unbroken", "divided_seed0.json"), Epochs("killed", "divided_seed0.json"));

        var again = Reproduce("killed");
        Assert.Contains("3 runs, 2 done", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_predicts_time_memory_and_disk_and_a_budget_ends_the_work_cleanly()
    {
        var (status, output, error) = CommandLine.RunIn(Home("dry"), [.. Arguments, "--dry-run"]);
        Assert.Equal((0, true), (status, error.Contains("3 runs, 0 done", StringComparison.Ordinal)));
        Assert.Matches(@"the missing runs will take about 1 minutes?, 1\.\d GB of memory and 0\.0 GB of disk", output);
        Assert.False(Directory.Exists(folder.File("dry/runs/small/study/space_seed0")));
        Assert.False(File.Exists(folder.File("dry/runs/small/study/figure.html")));

        (status, output, error) = CommandLine.RunIn(Home("short"), [.. Arguments, "--budget", "1ms"]);
        Assert.Equal(0, status);
        Assert.Contains("interrupted; the same command resumes", error, StringComparison.Ordinal);
        Assert.Contains("76.9", output, StringComparison.Ordinal);
        Assert.Empty(Directory.Exists(folder.File("short/results")) ? Directory.GetFiles(folder.File("short/results"), "*.json") : []);

        (status, _, error) = CommandLine.RunIn(Home("short"), [.. Arguments, "--budget", "soon"]);
        Assert.Equal(2, status);
        Assert.Contains("--budget is soon; it must be a time, such as 1s, 500ms, 90m or 2h", error, StringComparison.Ordinal);
        Assert.Equal(2, CommandLine.RunIn(Home("short"), [.. Arguments, "--budget", "1000h"]).Status); // more than a timer takes
    }

    [Fact]
    public void A_study_of_costs_refuses_what_only_runs_have_and_a_dry_one_writes_no_figure()
    {
        var experiments = Path.Combine(Repository.Root, "experiments");
        string[] costs = ["reproduce", Path.Combine(experiments, "cost.yaml"), "--dry-run"];
        var (status, _, error) = CommandLine.RunIn(Home("costs"), [.. costs, "--jobs", "2", "--budget", "1h", "--root", "data"]);
        Assert.Equal(2, status);
        Assert.Contains("--budget, --jobs, --root: Cost of attention (figure 3) is measured", error, StringComparison.Ordinal);

        (status, var output, _) = CommandLine.RunIn(Home("costs"), [.. costs, "--results", Path.Combine(experiments, "results")]);
        Assert.Equal(0, status);
        Assert.Contains("results: ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("costs/runs")));
    }

    [Fact]
    public void A_job_reports_in_lines_of_JSON_and_what_is_not_JSON_is_a_message()
    {
        var progress = new TrainingProgress(0, 3, 7, 24, double.NaN, 0.001, 52.5, TimeSpan.FromSeconds(90), 0.25);
        var evaluation = new Evaluation(0.5, 1, 1.25, 8, new Dictionary<string, string> { ["a.mp4"] = "the file is empty" });
        Assert.Equal(new(progress), Through(new(progress)));
        Assert.Equal(new(Message: "two\nlines"), Through(new(Message: "two\nlines")));
        Assert.Equal(new(Message: "a library's warning"), JobReport.Parse("a library's warning"));
        var evaluated = Through(new(Evaluated: new(2, evaluation))).Evaluated!;
        Assert.Equal((2, 0.5, "the file is empty"), (evaluated.Epoch, evaluated.Evaluation.Top1, evaluated.Evaluation.Broken["a.mp4"]));

        JobReport Through(JobReport report)
        {
            var line = $"{report}";
            Assert.DoesNotContain('\n', line);
            return JobReport.Parse(line);
        }
    }

    private string Epochs(string home, string name) =>
        JsonNode.Parse(File.ReadAllText(folder.File($"{home}/results/small/study/{name}")))!["epochs"]!.ToJsonString();

    // `home` holds its runs and results.
    private (int Status, string Out, string Error) Reproduce(string home) => CommandLine.RunIn(Home(home), Arguments);

    private string Home(string name) => Directory.CreateDirectory(folder.File(name)).FullName;

    private string[] Arguments => ["reproduce", folder.File("study.yaml"), "--results", "results", "--jobs", "2"];
}
