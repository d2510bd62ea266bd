using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>Cuts each frame into patches of P x P pixels and projects each linearly (paper, section 3, "Decomposition into patches").</summary>
public sealed class PatchEmbed : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;

    internal PatchEmbed(TimeSformerConfig config)
        : base(nameof(PatchEmbed))
    {
        proj = Conv2d(config.InChannels, config.EmbedDim, kernel_size: config.PatchSize, stride: config.PatchSize);
        RegisterComponents();
    }

    /// <summary>(B, C, T, H, W) to (B, T, N, D), N = H/P · W/P patches in row-major order.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long batch = input.shape[0], frames = input.shape[2];
        var images = input.transpose(1, 2).flatten(0, 1);                // (B·T, C, H, W)
        var patches = proj.call(images).flatten(2).transpose(1, 2);      // (B·T, N, D)
        return patches.unflatten(0, batch, frames).MoveToOuterDisposeScope();
    }
}
