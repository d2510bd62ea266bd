using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Convolution;

/// <summary>The blocks of one pathway in one stage.</summary>
/// <param name="In">Channels of its input.</param>
/// <param name="Inner">Channels within its blocks; their results have <see cref="Out"/>.</param>
/// <param name="TemporalKernels">Frames that each block's first convolution spans; their number is that of the blocks.</param>
/// <param name="Stride">Step in space of the first block.</param>
internal sealed record StageSizes(int In, int Inner, IReadOnlyList<int> TemporalKernels, int Stride)
{
    /// <summary>Channels of its result.</summary>
    public int Out => 4 * Inner;
}

/// <summary>A stage of a 3-D ResNet with one pathway or several, which do not meet in it: maps (B, C, T, H, W), one per pathway.</summary>
internal sealed class ResidualStage : Module<Tensor[], Tensor[]>
{
    private readonly ResidualBlock[][] pathways;

    public ResidualStage(params StageSizes[] sizes)
        : base(nameof(ResidualStage))
    {
        pathways = Array.ConvertAll(sizes, pathway => pathway.TemporalKernels.Select((kernel, block) => block == 0
            ? new ResidualBlock(pathway.In, pathway, kernel, pathway.Stride)
            : new ResidualBlock(pathway.Out, pathway, kernel, stride: 1)).ToArray());
        foreach (var (pathway, blocks) in pathways.Index())
        {
            foreach (var (index, block) in blocks.Index()) register_module($"pathway{pathway}_res{index}", block);
        }
    }

    /// <summary>The normalizations that close the blocks' branches.</summary>
    public IEnumerable<BatchNormalization> Last => pathways.SelectMany(blocks => blocks).Select(block => block.Last);

    /// <summary>Maps (B, C, T, H, W) to (B, C', T, H / stride, W / stride), rounded up.</summary>
    public override Tensor[] forward(Tensor[] xs) => [.. xs.Zip(pathways, Run)];

    private static Tensor Run(Tensor x, ResidualBlock[] blocks)
    {
        var result = blocks[0].call(x);
        foreach (var block in blocks.AsSpan(1))
        {
            using var previous = result;
            result = block.call(result);
        }
        return result;
    }
}

/// <summary>A residual block of three convolutions ("bottleneck"), whose first spans frames and whose second spans pixels.</summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly Conv3d? branch1;
    private readonly BatchNormalization? branch1_bn;
    private readonly Bottleneck branch2;

    public ResidualBlock(int channels, StageSizes sizes, int temporalKernel, int stride)
        : base(nameof(ResidualBlock))
    {
        if (channels != sizes.Out || stride != 1)
        {
            branch1 = Conv3d(channels, sizes.Out, (1, 1, 1), stride: (1, stride, stride), bias: false);
            branch1_bn = new BatchNormalization(sizes.Out);
        }
        branch2 = new Bottleneck(channels, sizes.Inner, sizes.Out, temporalKernel, stride);
        RegisterComponents();
    }

    /// <summary>The normalization that closes the branch.</summary>
    public BatchNormalization Last => branch2.Last;

    /// <summary>Maps (B, C, T, H, W) to (B, C', T, H / stride, W / stride), rounded up.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var shortcut = branch1 is null ? x : branch1_bn!.call(branch1.call(x));
        return branch2.call(x).add_(shortcut, Arithmetic.One).relu_().MoveToOuterDisposeScope();
    }
}

/// <summary>Convolutions of Tx1x1, 1x3x3 and 1x1x1, each normalized, with ReLU between them.</summary>
internal sealed class Bottleneck : Module<Tensor, Tensor>
{
    private readonly Conv3d a;
    private readonly BatchNormalization a_bn;
    private readonly Conv3d b;
    private readonly BatchNormalization b_bn;
    private readonly Conv3d c;
    private readonly BatchNormalization c_bn;

    public Bottleneck(int channels, int inner, int outer, int temporalKernel, int stride)
        : base(nameof(Bottleneck))
    {
        a = Conv3d(channels, inner, (temporalKernel, 1, 1), padding: (temporalKernel / 2, 0, 0), bias: false);
        a_bn = new BatchNormalization(inner);
        b = Conv3d(inner, inner, (1, 3, 3), stride: (1, stride, stride), padding: (0, 1, 1), bias: false);
        b_bn = new BatchNormalization(inner);
        c = Conv3d(inner, outer, (1, 1, 1), bias: false);
        c_bn = new BatchNormalization(outer);
        RegisterComponents();
    }

    public BatchNormalization Last => c_bn;

    /// <summary>Maps (B, C, T, H, W) to (B, C', T, H / stride, W / stride), rounded up.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = a_bn.call(a.Span(x)).relu_();
        x = b_bn.call(b.call(x)).relu_();
        return c_bn.call(c.call(x)).MoveToOuterDisposeScope();
    }
}
