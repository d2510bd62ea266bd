using System.Globalization;

namespace TimeSformer.Tests.Training;

/// <summary>
/// Training while other threads allocate and the garbage collector runs constantly, so that any tensor it could finalize while libtorch
/// uses it is finalized here. 300 steps; set <c>TIMESFORMER_STRESS_STEPS=20000</c> in the environment for more.
/// </summary>
public sealed class StressTests(Xunit.Abstractions.ITestOutputHelper output) : TrainingTests(videosPerClass: 2)
{
    [Theory]
    [InlineData(OptimizerKind.Sgd, AttentionScheme.DividedSpaceTime, false)]
    [InlineData(OptimizerKind.AdamW, AttentionScheme.SparseLocalGlobal, true)]
    public void Steps_survive_garbage_collections_and_leak_no_tensors(OptimizerKind optimizer, AttentionScheme scheme, bool checkpointing)
    {
        int steps = int.Parse(Environment.GetEnvironmentVariable("TIMESFORMER_STRESS_STEPS") ?? "300", CultureInfo.InvariantCulture) / 2;
        var videos = VideoList.Read(Data.Train).Items; // 16
        int epochs = Math.Max(3, steps / 400), perEpoch = steps / epochs;
        VideoList.Write(Data.Train, [.. Enumerable.Range(0, 2 * perEpoch).Select(k => videos[k % videos.Count])]);
        var recipe = new Recipe
        {
            Model = new() { Preset = "tiny", Attention = scheme, DropPathRate = 0.2, DropRate = 0.1 },
            Data = Data with { NumFrames = 2, RandomFlip = true, RandAugmentNumOps = 2, ReProb = 0.5 },
            Training = new()
            {
                Epochs = epochs, BatchSize = 2, Optimizer = optimizer, LearningRate = 1e-3, ClipGradNorm = 1, MixupAlpha = 0.8,
                EmaDecay = 0.9, LabelSmoothing = 0.1, LayerDecay = 0.8, ActivationCheckpointing = checkpointing,
            },
        };
        List<long> counts;
        using var stop = new CancellationTokenSource();
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() => Allocate(stop.Token)))];
        foreach (var thread in threads) thread.Start();
        int collections = GC.CollectionCount(0);
        try
        {
            counts = LiveTensorsAtSteps(recipe);
        }
        finally
        {
            stop.Cancel();
            foreach (var thread in threads) thread.Join();
        }
        output.WriteLine($"{counts.Count} steps, {GC.CollectionCount(0) - collections} collections");
        output.WriteLine($"live tensors: {counts[perEpoch]} at first, {counts[^1]} at the end, {counts.Max()} at most");
        // Tensors that await their finalizers come and go.
        Assert.InRange(counts[(counts.Count / 2)..].Average() - counts[(perEpoch / 2)..(counts.Count / 2)].Average(), -20, 20);
    }

    private static void Allocate(CancellationToken stop)
    {
        var kept = new byte[64][];
        for (int k = 0; !stop.IsCancellationRequested; k++)
        {
            kept[k % kept.Length] = new byte[4096];
            if (k % 1000 != 0) continue;
            GC.Collect(0);
            Thread.Sleep(1);
        }
    }
}
