using TimeSformer.Models.Convolution;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// I3D, "Quo Vadis, Action Recognition? A New Model and the Kinetics Dataset" (Carreira, Zisserman, CVPR 2017, arXiv 1705.07750), on a
/// ResNet as in "Non-local Neural Networks" (Wang et al., CVPR 2018, arXiv 1711.07971) and PySlowFast's I3D_8x8_R50: an image ResNet of
/// which every other block also spans three frames.
/// </summary>
public sealed class I3D : PathwayModel
{
    /// <summary>Frames that are pooled to one after the second stage.</summary>
    internal const int TimePool = 2;

    private readonly int lastFrames;

    /// <summary>A model with random weights, drawn from the global generator.</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public I3D(I3DConfig config)
        : this(config, initialize: true)
    {
    }

    internal I3D(I3DConfig config, bool initialize)
        : base(
            nameof(I3D), Valid(config), new Stems(config.InChannels, (config.Width, 5)), [.. Stages(config)],
            new ProjectionHead(32 * config.Width, config.NumClasses, config.DropRate))
    {
        lastFrames = config.NumFrames / TimePool;
        RegisterComponents();
        if (initialize) Initialize(config.ZeroLastNorm);
    }

    /// <summary>The last map of clips, averaged over frames and pixels.</summary>
    /// <param name="x">Clips (B, C, T, H, W), normalized RGB; of two frames or more and any height and width.</param>
    /// <returns>Features (B, 32 · Width).</returns>
    /// <exception cref="ArgumentException">The clips' shape or type does not fit the model; the message says how.</exception>
    public override Tensor forward_features(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Average(Map(x), lastFrames).MoveToOuterDisposeScope();
    }

    /// <summary>The last map.</summary>
    /// <param name="x">Clips, as for <see cref="forward_features"/>.</param>
    /// <returns>(B, T/2, H/32, W/32, 32 · Width).</returns>
    public override Tensor forward_map(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Map(x).permute(0, 2, 3, 4, 1).MoveToOuterDisposeScope();
    }

    // (B, 32W, T/2, H/32, W/32)
    private Tensor Map(Tensor x)
    {
        RequireClips(x, head.projection.weight!.dtype);
        if (x.shape[2] < TimePool) throw new ArgumentException($"the model takes {TimePool} frames or more, the clips have {x.shape[2]}");
        using var scope = NewDisposeScope();
        Tensor[] maps = s2.call(s1.call([x])!)!;                                              // (B, 4W, T, H/4, W/4)
        maps = [functional.max_pool3d(maps[0], [TimePool, 1L, 1], [TimePool, 1L, 1])];        // (B, 4W, T/2, H/4, W/4)
        maps = s5.call(s4.call(s3.call(maps)!)!)!;                                            // (B, 32W, T/2, H/32, W/32)
        return maps[0].MoveToOuterDisposeScope();
    }

    private static IEnumerable<ResidualStage> Stages(I3DConfig config)
    {
        var (width, depths) = (config.Width, config.Depths);
        yield return new(new StageSizes(width, width, Kernels(depths.Res2, 3, 3), 1));
        yield return new(new StageSizes(4 * width, 2 * width, Kernels(depths.Res3, 3, 1), 2));
        yield return new(new StageSizes(8 * width, 4 * width, Kernels(depths.Res4, 3, 1), 2));
        yield return new(new StageSizes(16 * width, 8 * width, Kernels(depths.Res5, 1, 3), 2));
    }

    // Blocks span these two numbers of frames in turn.
    private static int[] Kernels(int blocks, int even, int odd) =>
        [.. Enumerable.Range(0, blocks).Select(block => block % 2 == 0 ? even : odd)];
}
