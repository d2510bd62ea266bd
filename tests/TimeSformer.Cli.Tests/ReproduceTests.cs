using System.Text.Json.Nodes;

namespace TimeSformer.Tests;

/// <summary>Studies from the command line: runs side by side, each in a process of its own.</summary>
public sealed class ReproduceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ReproduceTests() => File.WriteAllText(folder.File("study.yaml"), """
        title: A small study
        axes:
          - name: attention
            values: {space: {model.attention_type: space_only}, divided: {model.attention_type: divided_space_time}, missing: {data.procedural: null, data.layout: folders, data.root: nowhere}}
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

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_study_that_is_killed_goes_on_and_ends_with_the_numbers_of_an_unbroken_one()
    {
        var unbroken = Reproduce("unbroken");
        Assert.Equal(0, unbroken.Status);
        Assert.Contains("A small study, small: 3 runs, 0 done, 2 at a time", unbroken.Error, StringComparison.Ordinal);
        Assert.Contains("left out: missing_seed0: data.root is", unbroken.Error, StringComparison.Ordinal);
        Assert.Contains("divided_seed0: epoch 3: validation accuracy@1", unbroken.Error, StringComparison.Ordinal);
        Assert.Contains("76.9", unbroken.Out, StringComparison.Ordinal);
        Assert.Contains("plotly", File.ReadAllText(Path.Combine(folder.Path, "unbroken", "runs", "small", "study", "figure.html")), StringComparison.OrdinalIgnoreCase);

        using (var killed = CommandLine.Start(Home("killed"), null, Arguments))
        {
            _ = killed.StandardError.ReadToEndAsync();
            var logs = Path.Combine(folder.Path, "killed", "runs", "small", "study");
            // After a checkpoint, in the middle of the work.
            while (!killed.HasExited && (!Directory.Exists(logs) || !Directory.GetDirectories(logs, "checkpoint-*", SearchOption.AllDirectories).Any(path => !path.EndsWith(".partial", StringComparison.Ordinal)))) Thread.Sleep(10);
            killed.Kill();
            killed.WaitForExit();
            Assert.NotEqual(0, killed.ExitCode);
        }
        Assert.Equal(0, Reproduce("killed").Status);
        foreach (var name in new[] { "space_seed0.json", "divided_seed0.json" }) Assert.Equal(Epochs("unbroken", name), Epochs("killed", name));

        var again = Reproduce("killed");
        Assert.Contains("3 runs, 2 done", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch", again.Error, StringComparison.Ordinal);
    }

    private string Epochs(string home, string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, home, "results", "small", "study", name)))!["epochs"]!.ToJsonString();

    // `home` is where its runs and results lie.
    private (int Status, string Out, string Error) Reproduce(string home) => CommandLine.RunIn(Home(home), Arguments);

    private string Home(string name) => Directory.CreateDirectory(folder.File(name)).FullName;

    private string[] Arguments => ["reproduce", folder.File("study.yaml"), "--results", "results", "--jobs", "2"];
}
