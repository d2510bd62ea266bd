using TimeSformer.Models.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// SlowFast, "SlowFast Networks for Video Recognition" (Feichtenhofer, Fan, Malik, He, ICCV 2019, arXiv 1812.03982), as in PySlowFast: a
/// wide ResNet sees every few frames of a clip, a narrow one all of them, and after each stage the narrow one's maps are added to the
/// wide one's channels.
/// </summary>
public sealed class SlowFast : PathwayModel
{
    private readonly Fusion s1_fuse;
    private readonly Fusion s2_fuse;
    private readonly Fusion s3_fuse;
    private readonly Fusion s4_fuse;
    private readonly int frames, alpha;

    /// <summary>A model with random weights, drawn from the global generator.</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public SlowFast(SlowFastConfig config)
        : this(config, initialize: true)
    {
    }

    internal SlowFast(SlowFastConfig config, bool initialize)
        : base(
            nameof(SlowFast), Valid(config), new Stems(config.InChannels, (config.Width, 1), (config.FastWidth, 5)), [.. Stages(config)],
            new ProjectionHead(32 * (config.Width + config.FastWidth), config.NumClasses, config.DropRate))
    {
        (frames, alpha) = (config.NumFrames, config.Alpha);
        s1_fuse = new Fusion(config.FastWidth, config);
        s2_fuse = new Fusion(4 * config.FastWidth, config);
        s3_fuse = new Fusion(8 * config.FastWidth, config);
        s4_fuse = new Fusion(16 * config.FastWidth, config);
        RegisterComponents();
        if (initialize) Initialize(config.ZeroLastNorm);
    }

    /// <summary>The last maps of both pathways, each averaged over frames and pixels.</summary>
    /// <param name="x">
    /// Clips (B, C, T, H, W), normalized RGB; T a multiple of <see cref="SlowFastConfig.Alpha"/>, any height and width.
    /// </param>
    /// <returns>Features (B, 32 · (Width + Width / BetaInverse)), the slow pathway's first.</returns>
    /// <exception cref="ArgumentException">The clips' shape or type does not fit the model; the message says how.</exception>
    public override Tensor forward_features(Tensor x)
    {
        using var scope = NewDisposeScope();
        var maps = Maps(x);
        return cat([Average(maps[0], frames / alpha), Average(maps[1], frames)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The last maps of both pathways; the fast one's is averaged to the slow one's frames.</summary>
    /// <param name="x">Clips, as for <see cref="forward_features"/>.</param>
    /// <returns>(B, T/α, H/32, W/32, 32 · (Width + Width / BetaInverse)).</returns>
    public override Tensor forward_map(Tensor x)
    {
        using var scope = NewDisposeScope();
        var maps = Maps(x);
        var fast = functional.avg_pool3d(maps[1], [alpha, 1L, 1], [alpha, 1L, 1]);            // (B, 32W/β, T/α, ...)
        return cat([maps[0], fast], 1).permute(0, 2, 3, 4, 1).MoveToOuterDisposeScope();
    }

    private Tensor[] Maps(Tensor x)
    {
        RequireClips(x, head.projection.weight!.dtype);
        if (x.shape[2] % alpha != 0)
        {
            throw new ArgumentException($"the model takes a multiple of {alpha} frames, of which one in {alpha} is in the slow pathway; "
                + $"the clips have {x.shape[2]}");
        }
        using var scope = NewDisposeScope();
        Tensor[] maps = [SlowFrames(x, alpha), x];                                            // (B, C, T/α, H, W), (B, C, T, H, W)
        maps = s2.call(s1_fuse.call(s1.call(maps)!)!)!;                                       // (B, 4W, T/α, ...), (B, 4W/β, T, ...)
        maps = s3.call(s2_fuse.call(maps)!)!;
        maps = s4.call(s3_fuse.call(maps)!)!;
        maps = s5.call(s4_fuse.call(maps)!)!;                                                 // (B, 32W, T/α, ...), (B, 32W/β, T, ...)
        return [.. maps.Select(map => map.MoveToOuterDisposeScope())];
    }

    /// <summary>The frames of clips (B, C, T, H, W) that the slow pathway sees.</summary>
    internal static Tensor SlowFrames(Tensor clips, int alpha)
    {
        using var scope = NewDisposeScope();
        return clips.index_select(2, SlowIndex(clips.shape[2], alpha).to(clips.device)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Their numbers (T/α): from the first to the last at equal distances, rounded down, as PySlowFast chooses them. (They are not
    /// multiples of α.)
    /// </summary>
    internal static Tensor SlowIndex(long frames, int alpha)
    {
        using var scope = NewDisposeScope();
        return linspace(0, frames - 1, frames / alpha).to_type(ScalarType.Int64).MoveToOuterDisposeScope();
    }

    private static IEnumerable<ResidualStage> Stages(SlowFastConfig config)
    {
        int[] depths = [.. config.Depths.Named.Select(stage => stage.Blocks)];
        for (int stage = 0; stage < depths.Length; stage++)
        {
            // The stem has the width of one map, the stages that of four, eight and sixteen.
            int before = stage == 0 ? 1 : 2 << stage, inner = 1 << stage, stride = stage == 0 ? 1 : 2;
            int[] Kernels(int kernel) => [.. Enumerable.Repeat(kernel, depths[stage])];
            int fused = before * (config.Width + (config.FusionRatio * config.FastWidth));
            yield return new(
                new StageSizes(fused, inner * config.Width, Kernels(stage < 2 ? 1 : 3), stride),
                new StageSizes(before * config.FastWidth, inner * config.FastWidth, Kernels(3), stride));
        }
    }

    /// <summary>Maps of the fast pathway, convolved over time in steps of α, join the slow pathway's channels.</summary>
    private sealed class Fusion : Module<Tensor[], Tensor[]>
    {
        private readonly Conv3d conv_f2s;
        private readonly BatchNormalization bn;

        public Fusion(int channels, SlowFastConfig config)
            : base(nameof(Fusion))
        {
            conv_f2s = Conv3d(
                channels, config.FusionRatio * channels, (config.FusionKernel, 1, 1), stride: (config.Alpha, 1, 1),
                padding: (config.FusionKernel / 2, 0, 0), bias: false);
            bn = new BatchNormalization(config.FusionRatio * channels);
            RegisterComponents();
        }

        /// <summary>Maps (B, C, T/α, H, W) and (B, C', T, H, W) to (B, C + ratio · C', T/α, H, W) and the second unchanged.</summary>
        public override Tensor[] forward(Tensor[] maps)
        {
            using var scope = NewDisposeScope();
            var fused = bn.call(conv_f2s.Span(maps[1])).relu_();
            return [cat([maps[0], fused], 1).MoveToOuterDisposeScope(), maps[1]];
        }
    }
}
