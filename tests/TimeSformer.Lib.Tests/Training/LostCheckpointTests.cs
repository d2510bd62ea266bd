using System.Diagnostics;

namespace TimeSformer.Tests.Training;

/// <summary>Checkpoints that were damaged or could not be written, and how many are kept.</summary>
public sealed class LostCheckpointTests() : TrainingTests(videosPerClass: 1)
{
    private Recipe Recipe(int kept = 2, int epochs = 4, int patience = 0) => base.Recipe(new()
    {
        Epochs = epochs, BatchSize = 8, LearningRate = 1e-3, KeepCheckpoints = kept, Patience = patience, Optimizer = OptimizerKind.AdamW,
    }) with
    { Data = Data with { NumFrames = 2, NumWorkers = 0 } };

    [Theory, InlineData("model.safetensors", 0.7), InlineData("training.safetensors", 0.99), InlineData("checkpoint.json", 0.5)]
    [InlineData("model.safetensors", 0), InlineData("training.safetensors", 0), InlineData("checkpoint.json", 0)]
    public void A_run_resumes_from_the_checkpoint_before_a_truncated_one_and_ends_as_if_nothing_had_happened(string file, double left)
    {
        Train(Recipe(), "whole");
        TrainUntil(3, Recipe(), "run");
        var newest = Checkpoint.Latest(folder.File("run"))!;
        Truncate(newest, file, left);

        List<string> said = [];
        var resumed = new Trainer(Recipe(), folder.File("run")) { OnWarning = said.Add }.Run();
        var warning = Assert.Single(said);
        Assert.StartsWith(newest, warning);
        Assert.EndsWith(
            $"; training resumes from {folder.File("run/checkpoint-00000002")}, and what is damaged is now called "
            + "checkpoint-00000003.damaged", warning);
        Assert.DoesNotContain('\n', warning);
        AssertSameRuns(Train(Recipe(), "whole"), resumed);
        Assert.Equal(["checkpoint-00000003", "checkpoint-00000003.damaged", "checkpoint-00000004"], Checkpoints());
    }

    [Fact]
    public void A_run_without_a_whole_checkpoint_is_refused_by_the_name_of_the_newest_and_keeps_its_files()
    {
        TrainUntil(3, Recipe(), "run");
        var all = Checkpoints();
        foreach (var one in all) Truncate(folder.File($"run/{one}"), "training.safetensors", 0.5);
        Assert.Refused<CheckpointException>("checkpoint-00000003", () => Train(Recipe(), "run"));
        Assert.Equal(all, Checkpoints());
    }

    [Fact]
    public void A_checkpoint_that_lacks_a_file_counts_as_damaged()
    {
        TrainUntil(3, Recipe(), "run");
        File.Delete(Path.Combine(Checkpoint.Latest(folder.File("run"))!, "checkpoint.json"));
        List<string> said = [];
        new Trainer(Recipe(), folder.File("run")) { OnWarning = said.Add }.Run();
        Assert.Contains("checkpoint-00000003.damaged", Assert.Single(said), StringComparison.Ordinal);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void As_many_of_the_newest_stay_as_the_recipe_says_and_the_best_besides(int kept)
    {
        Train(Recipe(kept, patience: 4), "run");
        Assert.Equal(Enumerable.Range(4 - kept + 1, kept).Select(step => $"checkpoint-{step:D8}"), Checkpoints());
        Assert.True(File.Exists(folder.File("run/best/model.safetensors")));
    }

    [Fact]
    public void A_recipe_that_keeps_the_usual_two_is_written_as_before()
    {
        Assert.DoesNotContain("keep_checkpoints", RecipeFile.ToYaml(Recipe(kept: 2)), StringComparison.Ordinal);
        Assert.Contains("keep_checkpoints: 3", RecipeFile.ToYaml(Recipe(kept: 3)), StringComparison.Ordinal);
        Assert.Refused<RecipeException>("training.keep_checkpoints", () => Recipe(kept: 0).Validate());
    }

    [Fact]
    public void A_best_that_was_moved_away_for_its_successor_is_still_the_best()
    {
        Train(Recipe(patience: 4), "run");
        Directory.Move(folder.File("run/best"), folder.File("run/best.replaced"));
        Directory.CreateDirectory(folder.File("run/best.partial"));
        Assert.Equal(folder.File("run/best.replaced"), Checkpoint.Best(folder.File("run")));
        Checkpoint.Keep(folder.File("run"), Checkpoint.Latest(folder.File("run"))!);
        Assert.Equal(folder.File("run/best"), Checkpoint.Best(folder.File("run")));
        Assert.Equal(["run/best", .. Checkpoints().Select(name => $"run/{name}")], Directory.GetDirectories(folder.File("run"))
            .Select(path => Path.GetRelativePath(folder.Path, path)).Order());
    }

    [SkippableFact]
    public void A_full_disk_ends_a_run_with_its_last_checkpoint_whole()
    {
        var disk = folder.File("disk");
        Directory.CreateDirectory(disk);
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk) == 0, "mounting a small disk takes root");
        try
        {
            var run = Path.Combine(disk, "run");
            var recipe = Recipe(kept: 100, epochs: 100);
            var error = Assert.Throws<IOException>(() => new Trainer(recipe, run) { FreeBytes = _ => long.MaxValue }.Run());
            Assert.Contains("checkpoint-", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Directory.GetDirectories(run), path => path.EndsWith(".partial", StringComparison.Ordinal));
            var (model, _) = Checkpoint.LoadModel(run);
            model.Dispose();
            var point = Checkpoint.ReadResumePoint(run);
            Assert.InRange(point.Step, 2, 99);

            // With room again, the same command goes on.
            foreach (var old in Checkpoint.All(run).Skip(1)) Directory.Delete(old, recursive: true);
            using var stop = new CancellationTokenSource();
            List<string> said = [];
            var resumed = new Trainer(recipe, run)
            {
                FreeBytes = _ => long.MaxValue, OnWarning = said.Add, OnStep = _ => stop.Cancel(),
            }.Run(stop.Token);
            Assert.Empty(said);
            Assert.Equal(point.Step + 1, Checkpoint.ReadResumePoint(resumed.Checkpoint).Step);
        }
        finally
        {
            Assert.Equal(0, Run("umount", disk));
        }
    }

    [Fact]
    public void Files_and_folders_can_be_flushed_to_disk()
    {
        Disk.Flush(folder.Path);
        Disk.Flush(folder.Write("a", "text"));
        if (!OperatingSystem.IsWindows()) Assert.Throws<IOException>(() => Disk.Flush(folder.File("none")));
    }

    private string[] Checkpoints() =>
    [
        .. from path in Directory.GetDirectories(folder.File("run"), "checkpoint-*")
           let name = Path.GetFileName(path)
           orderby name
           select name,
    ];

    private static void Truncate(string checkpoint, string file, double left)
    {
        using var stream = File.OpenWrite(Path.Combine(checkpoint, file));
        stream.SetLength((long)(left * stream.Length));
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
