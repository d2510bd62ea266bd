using TimeSformer.Models.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// What I3D and SlowFast share: a stem, four stages of residual blocks and a head, for one pathway or two. Submodules have the names of
/// PySlowFast, so that its state dicts load as they are: <c>s1.pathway0_stem.conv, s2.pathway0_res0.branch2.a, head.projection</c>.
/// </summary>
public abstract class PathwayModel : VideoModel
{
    // A clip is halved five times: by the stem's convolution, its pool and the last three stages.
    private const int Reduction = 32;

    private protected readonly Stems s1;
    private protected readonly ResidualStage s2;
    private protected readonly ResidualStage s3;
    private protected readonly ResidualStage s4;
    private protected readonly ResidualStage s5;
    private protected readonly ProjectionHead head;

    private readonly int side;

    private protected PathwayModel(
        string name, VideoModelConfig config, Stems stems, IReadOnlyList<ResidualStage> stages, ProjectionHead head)
        : base(name, config)
    {
        s1 = stems;
        (s2, s3, s4, s5) = (stages[0], stages[1], stages[2], stages[3]);
        this.head = head;
        side = (config.ImageSize + Reduction - 1) / Reduction;
    }

    internal override int Depth => 4;

    internal override string HeadName => "head.projection";

    /// <inheritdoc/>
    public override Tensor forward_head(Tensor x) => head.call(x);

    // s1 and s1_fuse are layer 0, s2 to s5, each with its fusion, layers 1 to 4.
    internal override int LayerOf(string parameter) => parameter switch
    {
        ['s', >= '1' and <= '5', '.' or '_', ..] => parameter[1] - '1',
        _ => Depth + 1,
    };

    /// <summary>Sizes that were checked, before layers are made of them.</summary>
    private protected static VideoModelConfig Valid(VideoModelConfig config)
    {
        config.Validate();
        return config;
    }

    /// <summary>
    /// A pathway's last map (B, C, T', H', W') averaged as the official head does: over windows of the size that a clip of the model's own
    /// size has, then over the windows' positions. On clips of that size, or of less, it is the average. On larger ones the official head
    /// averages the positions' probabilities when it evaluates; here their scores are averaged.
    /// </summary>
    /// <param name="frames">T' of a clip of the model's own size.</param>
    /// <returns>Features (B, C).</returns>
    private protected Tensor Average(Tensor map, int frames)
    {
        using var scope = NewDisposeScope();
        var shape = map.shape;
        long[] window = [Math.Min(frames, shape[2]), Math.Min(side, shape[3]), Math.Min(side, shape[4])];
        if (!window.AsSpan().SequenceEqual(shape.AsSpan(2))) map = functional.avg_pool3d(map, window, [1L, 1, 1]);
        return map.mean([2L, 3, 4]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Draws the weights as PySlowFast: convolutions as He et al. 2015 with the outputs as fan, the projection with deviation 0.01, and if
    /// so configured, the last norm of each block at zero.
    /// </summary>
    private protected void Initialize(bool zeroLastNorm)
    {
        using var _ = no_grad();
        foreach (var convolution in modules().OfType<Conv3d>())
        {
            init.kaiming_normal_(convolution.weight!, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        }
        init.normal_(head.projection.weight!, 0, 0.01);
        init.zeros_(head.projection.bias!);
        if (!zeroLastNorm) return;
        foreach (var norm in new[] { s2, s3, s4, s5 }.SelectMany(stage => stage.Last)) init.zeros_(norm.weight);
    }
}
