namespace TimeSformer.Tests.Training;

/// <summary>Tests that train tiny models on small videos of the eight motions.</summary>
public abstract class TrainingTests(int videosPerClass = 3) : FolderTests
{
    private protected DataRecipe Data => field ??= WriteVideos();

    private protected virtual Recipe Recipe(OptimizationRecipe training) => new()
    {
        Model = new() { Preset = "tiny", DropPathRate = 0.2, DropRate = 0.1 }, Data = Data,
        Training = training with { Steps = [0], StepFactors = [1] },
    };

    private protected TrainingResult Train(Recipe recipe, string run) => new Trainer(recipe, folder.File(run)).Run();

    // Interrupts the run after a step.
    private protected TrainingResult TrainUntil(int step, Recipe recipe, string run)
    {
        using var stop = new CancellationTokenSource();
        return new Trainer(recipe, folder.File(run))
        {
            OnStep = progress => { if (progress.Step == step) stop.Cancel(); },
        }.Run(stop.Token);
    }

    // A run that is interrupted after a step and resumed equals one that is not.
    private protected void AssertResumes(Recipe recipe, int after)
    {
        var whole = Train(recipe, "whole");
        Assert.True(TrainUntil(after, recipe, "broken").Interrupted);
        var resumed = Train(recipe, "broken");
        Assert.False(resumed.Interrupted);
        AssertSameRuns(whole, resumed);
    }

    private protected static void AssertSameRuns(TrainingResult expected, TrainingResult actual)
    {
        foreach (var file in new[] { "../log.jsonl", "model.safetensors", "training.safetensors" })
        {
            byte[] Content(TrainingResult run) => File.ReadAllBytes(Path.Combine(run.Checkpoint, file));
            Assert.Equal(Content(expected), Content(actual));
        }
    }

    private protected void AssertStepsLeakNoTensors(Recipe recipe)
    {
        var counts = LiveTensorsAtSteps(recipe);
        // Prefetched batches are alive at a step: at most two per thread, depending on timing.
        Assert.InRange(counts[^6..].Average() - counts[6..12].Average(), -8, 8);
    }

    private protected List<long> LiveTensorsAtSteps(Recipe recipe)
    {
        var counts = new List<long>();
        // At the first step what the start and other tests left is collected; after it, only what the steps leave may be.
        void Count() =>
            counts.Add((counts.Count == 0 ? LiveTensors.Settled() : Tensor.TotalCount) - CurrentDisposeScope!.DisposablesCount);
        new Trainer(recipe, folder.File("run")) { OnStep = _ => Count() }.Run();
        return counts;
    }

    private protected List<double> Losses(string run)
    {
        var entries = File.ReadLines(folder.File($"{run}/log.jsonl")).Select(line => JsonNode.Parse(line)!["loss"]);
        return [.. entries.OfType<JsonNode>().Select(loss => (double)loss)];
    }

    private DataRecipe WriteVideos()
    {
        ProceduralVideos.Write(new(folder.File("data"), ProceduralFamily.Motion, videosPerClass, ValPerClass: 1));
        return new()
        {
            Train = folder.File("data/train.txt"), Val = folder.File("data/val.txt"), NumFrames = 4, SamplingRate = 4, CropSize = 32,
            TrainJitterScales = [32, 40], RandomFlip = false, CacheMegabytes = 50,
        };
    }
}
