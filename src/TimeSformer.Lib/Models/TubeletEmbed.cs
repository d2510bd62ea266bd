using TimeSformer.Models.Attention;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// Cuts clips into tubelets, P x P pixels of a few frames in a row, and projects each linearly (Arnab et al. 2021, section 3.2).
/// </summary>
public sealed class TubeletEmbed : Module<Tensor, Tensor>
{
    private readonly Conv3d proj;
    private readonly int frames;
    private readonly int patch;

    internal TubeletEmbed(TransformerConfig config, int frames)
        : base(nameof(TubeletEmbed))
    {
        (this.frames, patch) = (frames, config.PatchSize);
        var tubelet = ((long)frames, (long)patch, (long)patch);
        proj = Conv3d(config.InChannels, config.EmbedDim, kernel_size: tubelet, stride: tubelet);
        RegisterComponents();
    }

    /// <summary>
    /// Clips (B, C, T, H, W) to tokens (B, T'·N, D), T' = T / frames and N = H/P · W/P, moment by moment in row-major order.
    /// </summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return proj.call(x).flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// An image model's kernels (D, C, P, P) as those of the tubelets' middle frame; those of the other frames start at zero (Arnab et al.
    /// 2021, section 3.4). Null if they are of other sizes.
    /// </summary>
    internal Tensor? FromImage(Tensor kernels)
    {
        var shape = proj.weight!.shape;                                                // (D, C, frames, P, P)
        if (!kernels.shape.SequenceEqual([shape[0], shape[1], shape[3], shape[4]])) return null;
        using var scope = NewDisposeScope();
        var result = zeros(shape);
        result[.., .., frames / 2] = kernels.to_type(ScalarType.Float32);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The layout of the clips' tokens.</summary>
    internal TokenGrid GridOf(Tensor x) => new(x.shape[0], x.shape[2] / frames, x.shape[3] / patch, x.shape[4] / patch);

    /// <summary>Clips (B, C, T, H, W) to tubelets (B, T'·N, C, frames · P · P), in the order of the tokens.</summary>
    internal Tensor Cut(Tensor x)
    {
        using var scope = NewDisposeScope();
        var grid = GridOf(x);
        return x.reshape(grid.Batch, x.shape[1], grid.Frames, frames, grid.Height, patch, grid.Width, patch)
            .permute(0, 2, 4, 6, 1, 3, 5, 7)                                       // (B, T', H', W', C, frames, P, P)
            .flatten(5).flatten(1, 3).MoveToOuterDisposeScope();
    }

    /// <summary>Some tubelets (B, V, C, frames · P · P) to their tokens (B, V, D).</summary>
    internal Tensor Project(Tensor tubelets)
    {
        using var scope = NewDisposeScope();
        return functional.linear(tubelets.flatten(2), proj.weight!.flatten(1), proj.bias).MoveToOuterDisposeScope();
    }
}
