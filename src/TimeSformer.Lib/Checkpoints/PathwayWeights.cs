using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Models.Convolution;

namespace TimeSformer.Checkpoints;

/// <summary>What the shapes of weights tell of an I3D or a SlowFast of PySlowFast.</summary>
internal static class PathwayWeights
{
    private const string Stem = "s1.pathway0_stem.conv.weight", FastStem = "s1.pathway1_stem.conv.weight";
    private const string Fusion = "s1_fuse.conv_f2s.weight", Head = "head.projection.weight";

    /// <summary>Whether weights are of such a model.</summary>
    public static bool Are(NamedWeights weights) => weights.Has(Stem);

    /// <summary>
    /// Infers a model's configuration from its weights; what their shapes do not tell is as in the published models, which fuse over seven
    /// frames if one in four is slow, and over five if one in eight is.
    /// </summary>
    /// <exception cref="CheckpointException">The weights are not those of a whole model, or their shapes do not fit together.</exception>
    public static VideoModelConfig Infer(NamedWeights weights)
    {
        if (!weights.Has(Head)) throw Bad($"it has no {Head}, so it is not a whole model; use it to start one (Pretrained.Load)");
        int width = weights.Length(Stem, 0), channels = weights.Length(Stem, 1), classes = weights.Length(Head, 0);
        StageDepths depths = new(Blocks(2), Blocks(3), Blocks(4), Blocks(5));
        VideoModelConfig config = weights.Has(FastStem)
            ? SlowFast(weights.Length(FastStem, 0), weights.Length(Fusion, 2))
            : new I3DConfig { Width = width, InChannels = channels, Depths = depths, NumClasses = classes };
        ModelInfo.RequireSizes(weights, config);
        return config;

        SlowFastConfig SlowFast(int fast, int kernel) => new()
        {
            Width = width, InChannels = channels, Depths = depths, NumClasses = classes, BetaInverse = width / Math.Max(1, fast),
            FusionRatio = weights.Length(Fusion, 0) / Math.Max(1, fast), FusionKernel = kernel,
            Alpha = kernel == SlowFastConfig.EightFrames.FusionKernel ? SlowFastConfig.EightFrames.Alpha : SlowFastConfig.FourFrames.Alpha,
        };

        int Blocks(int stage) => weights.Names.Count(name => name.StartsWith($"s{stage}.pathway0_res", StringComparison.Ordinal)
            && name.EndsWith(".branch2.a.weight", StringComparison.Ordinal));

        CheckpointException Bad(string cause) => new(weights.Path, cause);
    }
}
