using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using static TorchSharp.torch;

namespace TimeSformer.Tests;

/// <summary>Checkpoints of tiny models for the eight motions, with random weights.</summary>
internal static class TinyModels
{
    public static IReadOnlyList<string> Motions => ProceduralVideos.ClassNames(ProceduralFamily.Motion);

    /// <summary>The tiny preset's sizes, for the eight motions.</summary>
    public static TimeSformerConfig Sizes(AttentionScheme scheme = AttentionScheme.DividedSpaceTime) =>
        TimeSformerConfig.Tiny with { NumClasses = Motions.Count, Attention = scheme };

    /// <summary>Writes a checkpoint in which no weight is zero or one, as some are in a new model; returns its folder.</summary>
    public static string Write(string path, VideoModelConfig sizes, IReadOnlyList<string>? classes = null)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(sizes.GetHashCode() & 0xff);
        using var model = sizes.Create();
        using (no_grad())
        {
            foreach (var weight in model.parameters()) weight.add_(empty_like(weight).normal_(0, 0.05));
        }
        CheckpointConverter.Write(path, CheckpointFormat.Native, model, new(sizes, classes ?? Motions, SamplingRate: 2));
        return path;
    }
}
