using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Convolution;

/// <summary>The first layers of each pathway: clips (B, C, T, H, W) to maps of a quarter of their height and width.</summary>
internal sealed class Stems : Module<Tensor[], Tensor[]>
{
    private readonly Stem[] stems;

    /// <param name="channels">C of the clips.</param>
    /// <param name="pathways">For each pathway, the channels of its result and the frames that its convolution spans.</param>
    public Stems(int channels, params (int Out, int TemporalKernel)[] pathways)
        : base(nameof(Stems))
    {
        stems = Array.ConvertAll(pathways, pathway => new Stem(channels, pathway.Out, pathway.TemporalKernel));
        foreach (var (index, stem) in stems.Index()) register_module($"pathway{index}_stem", stem);
    }

    /// <summary>Clips (B, C, T, H, W), one per pathway, to (B, C', T, H / 4, W / 4), rounded up.</summary>
    public override Tensor[] forward(Tensor[] xs) => [.. xs.Zip(stems, (x, stem) => stem.call(x))];
}

/// <summary>A convolution of Tx7x7 in steps of two pixels, batch norm, ReLU and the largest of 3x3 pixels in steps of two.</summary>
internal sealed class Stem : Module<Tensor, Tensor>
{
    /// <summary>The pool after the convolution.</summary>
    internal static readonly long[] PoolSize = [1, 3, 3], PoolStride = [1, 2, 2], PoolPadding = [0, 1, 1];

    private readonly Conv3d conv;
    private readonly BatchNormalization bn;

    public Stem(int channels, int outer, int temporalKernel)
        : base(nameof(Stem))
    {
        conv = Conv3d(
            channels, outer, (temporalKernel, 7, 7), stride: (1, 2, 2), padding: (temporalKernel / 2, 3, 3), bias: false);
        bn = new BatchNormalization(outer);
        RegisterComponents();
    }

    /// <summary>Clips (B, C, T, H, W) to (B, C', T, H / 4, W / 4), rounded up.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = bn.call(conv.Span(x)).relu_();
        return functional.max_pool3d(x, PoolSize, PoolStride, PoolPadding).MoveToOuterDisposeScope();
    }
}
