using System.Reflection;
using TimeSformer.Checkpoints;
using TimeSformer.Experiments;

namespace TimeSformer.Tests;

/// <summary>A study on several hosts that share a folder: processes that know nothing of each other.</summary>
public sealed class HostsTests : FolderTests
{
    private const string Name = "space_seed0";

    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    private string Lock => folder.File($"results/small/study/{Name}.lock");

    public HostsTests() => folder.Write("study.yaml", """
        title: A small study
        axes:
          - name: attention
            values: {space: {model.attention_type: space_only}, divided: {model.attention_type: divided_space_time}}
        scales:
          small:
            seeds: 2
            changes: {
              model.preset: tiny,
              data.procedural: {train_per_class: 1, val_per_class: 1}, data.num_frames: 2, data.sampling_rate: 2, data.crop_size: 32,
              data.train_jitter_scales: [32, 36], data.num_workers: 0,
              training.epochs: 2, training.batch_size: 2, training.optimizer: adamw, training.lr: 0.001, training.steps: [0],
              training.lrs: [1]}
        """);

    [Fact]
    public async Task Each_run_is_done_once_and_as_one_host_does_it()
    {
        string[] said = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Host("--jobs", "1")));
        var results = RunResult.ReadAll(folder.File("results/small/study"));
        Assert.Equal(4, results.Count);
        foreach (var name in new[] { "space_seed0", "space_seed1", "divided_seed0", "divided_seed1" })
        {
            Assert.Single(said, text => text.Contains($"{name}: epoch 1: validation", StringComparison.Ordinal));
            Assert.Equal(8, RunLog.Read(RunFolder(name)).Count(entry => entry.Loss is not null)); // of 8 videos, two a step, two epochs
        }
        Assert.Empty(Directory.GetFiles(folder.Path, "*.lock*", SearchOption.AllDirectories));

        Directory.Move(folder.File("results"), folder.File("several"));
        Directory.Delete(folder.File("runs"), recursive: true);
        await Host("--jobs", "1");
        string[] Epochs(string home) => [.. RunResult.ReadAll(folder.File($"{home}/small/study")).Select(run => $"{run.Point["attention"]} "
            + string.Join(", ", run.Epochs))];
        Assert.Equal(Epochs("results"), Epochs("several"));
    }

    [Fact]
    public async Task The_run_of_a_host_that_is_at_work_is_left_to_it()
    {
        Hold(age: TimeSpan.Zero);
        using var work = new Timer(_ => File.SetLastWriteTimeUtc(Lock, DateTime.UtcNow), null, 0, 1000);
        var said = await Host("--seeds", "1");
        Assert.Contains($"left to node7, which is at work on them: {Name}", said, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Name}: epoch", said, StringComparison.Ordinal);
        Assert.Equal("divided", Assert.Single(RunResult.ReadAll(folder.File("results/small/study"))).Point["attention"]);
    }

    [Fact]
    public async Task The_run_of_a_host_that_has_died_is_taken_over_once_its_silence_is_too_long()
    {
        Hold(age: patience - TimeSpan.FromSeconds(10));
        var clock = Stopwatch.StartNew();
        var said = await Host("--seeds", "1", "--only", "space");
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(8));
        Assert.Contains($"{Name}: epoch 1: validation", said, StringComparison.Ordinal);
    }

    // NO_FAKE_STAT: the file system keeps the true time, as a server would.
    [SkippableTheory, InlineData("-1h"), InlineData("+1h")]
    public async Task A_host_whose_clock_is_wrong_neither_takes_a_run_too_soon_nor_leaves_it_for_ever(string clock)
    {
        Skip.IfNot(File.Exists("/usr/bin/faketime"), "needs Debian's package faketime");
        string[] wrong = ["env", "NO_FAKE_STAT=1", "faketime", "-f", clock];
        Hold(age: TimeSpan.Zero);
        using (new Timer(_ => File.SetLastWriteTimeUtc(Lock, DateTime.UtcNow), null, 0, 1000))
        {
            Assert.Contains("left to node7", await Host(wrong, "--seeds", "1", "--only", "space"), StringComparison.Ordinal);
        }
        Hold(age: patience + TimeSpan.FromSeconds(1));
        Assert.Contains($"{Name}: epoch 1:", await Host(wrong, "--seeds", "1", "--only", "space"), StringComparison.Ordinal);
        var finished = Assert.Single(RunResult.ReadAll(folder.File("results/small/study"))).Provenance.Finished;
        Assert.True((finished - DateTime.UtcNow).Duration() > TimeSpan.FromMinutes(50));
    }

    // A host with a name and processes of its own.
    [SkippableFact]
    public async Task A_run_whose_host_was_killed_goes_on_elsewhere_with_the_numbers_of_an_unbroken_one()
    {
        string[] apart = ["unshare", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];
        string[] node8 = [.. apart, "sh", "-c", "hostname node8; exec \"$@\"", "sh"];
        Skip.IfNot(CommandLine.Wait(new(node8[0], [.. node8[1..], "true"])).Status == 0, "other name spaces take root");
        File.WriteAllText(folder.File("study.yaml"), File.ReadAllText(folder.File("study.yaml")).Replace("epochs: 2", "epochs: 20"));
        string[] one = ["--seeds", "1", "--only", "space", "--jobs", "1"];
        using (var killed = Start(node8, one))
        {
            var said = killed.StandardError.ReadToEndAsync();
            while (!killed.HasExited && (!Directory.Exists(folder.File("runs/small/study")) || Checkpoint.Latest(RunFolder(Name)) is null))
            {
                await Task.Delay(10);
            }
            killed.Kill();
            await killed.WaitForExitAsync();
            await said;
        }
        Assert.Contains("node8", File.ReadAllText(Lock), StringComparison.Ordinal);
        var locks = Directory.GetFiles(folder.Path, "*.lock", SearchOption.AllDirectories);
        Assert.True(locks.Length > 1);
        foreach (var held in locks) File.SetLastWriteTimeUtc(held, File.GetLastWriteTimeUtc(held) - patience + TimeSpan.FromSeconds(5));
        await Host(one);
        var resumed = Assert.Single(RunResult.ReadAll(folder.File("results/small/study")));
        var steps = RunLog.Read(RunFolder(Name)).Where(entry => entry.Loss is not null).Select(entry => (int)entry.Step);
        Assert.Equal(Enumerable.Range(1, 80), steps);

        Directory.Delete(folder.File("results"), recursive: true);
        Directory.Delete(folder.File("runs"), recursive: true);
        await Host(one);
        Assert.Equal(Assert.Single(RunResult.ReadAll(folder.File("results/small/study"))).Epochs, resumed.Epochs);
    }

    private string RunFolder(string name) => Directory.GetDirectories(folder.File("runs/small/study"), $"{name}-*").Single();

    private void Hold(TimeSpan age)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Lock)!);
        File.WriteAllText(Lock, """{"id": "1", "host": "node7", "process": 1, "started": "1", "space": "node7"}""");
        File.SetLastWriteTimeUtc(Lock, DateTime.UtcNow - age);
    }

    private Task<string> Host(params string[] options) => Host([], options);

    // What a host says, on standard error.
    private async Task<string> Host(string[] before, params string[] options)
    {
        using var process = Start(before, options);
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, said);
        return said;
    }

    private Process Start(string[] before, string[] options)
    {
        string[] command = [.. before, "dotnet", Assembly.Load("timesformer").Location, "reproduce", "study.yaml", "--results", "results"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. options])
        {
            WorkingDirectory = folder.Path, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }
}
