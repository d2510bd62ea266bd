using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Convolution;

/// <summary>
/// A ResNet of images without its classifier ("Deep Residual Learning for Image Recognition", He et al., CVPR 2016, arXiv 1512.03385), with
/// torchvision's names, so that its state dicts load as they are. TorchVision's own cannot be narrowed or leave out the classifier, adds
/// with an unsafe Scalar (<see cref="Arithmetic"/>), and comes with a native library for pictures.
/// </summary>
internal sealed class ResNet : Module<Tensor, Tensor>
{
    /// <summary>The pool after the first convolution.</summary>
    internal static readonly long[] PoolSize = [3, 3], PoolStride = [2, 2], PoolPadding = [1, 1];

    private readonly Conv2d conv1;
    private readonly BatchNormalization bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;

    /// <param name="channels">Of the images.</param>
    /// <param name="width">Channels of the stem.</param>
    /// <param name="depths">Blocks per stage.</param>
    /// <param name="isDeep">Whether blocks have three convolutions, as ResNet-50's, and not two, as ResNet-18's.</param>
    public ResNet(int channels, int width, StageDepths depths, bool isDeep)
        : base(nameof(ResNet))
    {
        conv1 = Conv2d(channels, width, 7, stride: 2, padding: 3, bias: false);
        bn1 = new BatchNormalization(width);
        int before = width;
        layer1 = Stage(width, depths.Res2, 1);
        layer2 = Stage(2 * width, depths.Res3, 2);
        layer3 = Stage(4 * width, depths.Res4, 2);
        layer4 = Stage(8 * width, depths.Res5, 2);
        Features = before;
        RegisterComponents();

        Sequential Stage(int inner, int blocks, int stride) => Sequential([.. Enumerable.Range(0, blocks).Select(block =>
        {
            var made = new ImageBlock(before, inner, block == 0 ? stride : 1, isDeep);
            before = made.Out;
            return made;
        })]);
    }

    /// <summary>Channels of its result.</summary>
    public int Features { get; }

    /// <summary>Draws the convolutions' weights as torchvision does: as He et al. 2015, with the outputs as fan.</summary>
    public void Initialize()
    {
        foreach (var convolution in modules().OfType<Conv2d>())
        {
            init.kaiming_normal_(convolution.weight!, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        }
    }

    /// <summary>Images (B, C, H, W) to the last map's average (B, D).</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = functional.max_pool2d(bn1.call(conv1.call(x)).relu_(), PoolSize, PoolStride, PoolPadding);    // (B, C', H/4, W/4)
        x = layer4.call(layer3.call(layer2.call(layer1.call(x))));                                        // (B, D, H/32, W/32)
        return x.mean([2L, 3]).MoveToOuterDisposeScope();
    }
}

/// <summary>A residual block of two or three convolutions.</summary>
internal sealed class ImageBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNormalization bn1;
    private readonly Conv2d conv2;
    private readonly BatchNormalization bn2;
    private readonly Conv2d? conv3;
    private readonly BatchNormalization? bn3;
    private readonly Sequential? downsample;

    public ImageBlock(int channels, int inner, int stride, bool isDeep)
        : base(nameof(ImageBlock))
    {
        Out = isDeep ? 4 * inner : inner;
        conv1 = isDeep
            ? Conv2d(channels, inner, 1, bias: false)
            : Conv2d(channels, inner, 3, stride: stride, padding: 1, bias: false);
        bn1 = new BatchNormalization(inner);
        conv2 = Conv2d(inner, inner, 3, stride: isDeep ? stride : 1, padding: 1, bias: false);
        bn2 = new BatchNormalization(inner);
        if (isDeep)
        {
            conv3 = Conv2d(inner, Out, 1, bias: false);
            bn3 = new BatchNormalization(Out);
        }
        if (stride != 1 || channels != Out)
        {
            downsample = Sequential(Conv2d(channels, Out, 1, stride: stride, bias: false), new BatchNormalization(Out));
        }
        RegisterComponents();
    }

    /// <summary>Channels of its result.</summary>
    public int Out { get; }

    /// <summary>Maps (B, C, H, W) to (B, C', H / stride, W / stride), rounded up.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var branch = bn2.call(conv2.call(bn1.call(conv1.call(x)).relu_()));
        if (conv3 is not null) branch = bn3!.call(conv3.call(branch.relu_()));
        var shortcut = downsample is null ? x : downsample.call(x);
        return branch.add_(shortcut, Arithmetic.One).relu_().MoveToOuterDisposeScope();
    }
}
