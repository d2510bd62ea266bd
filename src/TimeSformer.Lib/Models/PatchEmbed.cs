using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// Cuts each frame into patches of P x P pixels and projects each linearly (paper, section 3, "Decomposition into patches").
/// </summary>
public sealed class PatchEmbed : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;

    internal PatchEmbed(TransformerConfig config)
        : base(nameof(PatchEmbed))
    {
        proj = Conv2d(config.InChannels, config.EmbedDim, kernel_size: config.PatchSize, stride: config.PatchSize);
        RegisterComponents();
    }

    /// <summary>Clips (B, C, T, H, W) to tokens (B, T, N, D), N = H/P · W/P patches in row-major order.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        long batch = x.shape[0], frames = x.shape[2];
        var images = x.transpose(1, 2).flatten(0, 1);                // (B·T, C, H, W)
        var patches = proj.call(images).flatten(2).transpose(1, 2);      // (B·T, N, D)
        return patches.unflatten(0, batch, frames).MoveToOuterDisposeScope();
    }
}
