using TimeSformer.Models.Attention;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>A model of three steps: clips become tokens, blocks change them, and they are pooled to features.</summary>
public abstract class TransformerModel : VideoModel
{
    private protected TransformerModel(string name, TransformerConfig config)
        : base(name, config)
    {
    }

    /// <summary>The transformer blocks between embedding and pooling, in order.</summary>
    public abstract IReadOnlyList<TransformerBlock> Blocks { get; }

    /// <inheritdoc/>
    public sealed override Tensor forward_features(Tensor x)
    {
        using var scope = NewDisposeScope();
        (x, var grid) = Embed(x);
        return Pool(Run(Blocks, x, grid), grid).MoveToOuterDisposeScope();
    }

    /// <summary>The tokens of the patches after the last block, each with mean 0 and deviation 1.</summary>
    /// <param name="x">Clips, as for <see cref="VideoModel.forward"/>.</param>
    /// <returns>(B, T', H/P, W/P, D).</returns>
    /// <exception cref="ArgumentException">The clips' shape does not fit the model; the message says how.</exception>
    public override Tensor forward_map(Tensor x)
    {
        using var scope = NewDisposeScope();
        (x, var grid) = Embed(x);
        x = Run(Blocks, x, grid);
        long patches = grid.Batch * grid.Frames * grid.Patches / x.shape[0];       // of each sequence
        x = x.narrow(1, x.shape[1] - patches, patches);                            // without class tokens
        return functional.layer_norm(x, [x.shape[2]])
            .reshape(grid.Batch, grid.Frames, grid.Height, grid.Width, x.shape[2]).MoveToOuterDisposeScope();
    }

    /// <summary>Clips to the first block's tokens (S, R, D).</summary>
    internal abstract (Tensor Tokens, TokenGrid Grid) Embed(Tensor x);

    /// <summary>The last block's tokens (S, R, D) to features (B, D).</summary>
    internal abstract Tensor Pool(Tensor x, TokenGrid grid);

    /// <summary>Passes tokens (S, R, D) through blocks.</summary>
    internal static Tensor Run(IEnumerable<TransformerBlock> blocks, Tensor x, TokenGrid grid)
    {
        foreach (var block in blocks)
        {
            using var previous = x;
            x = block.call(x, grid);
        }
        return x;
    }

    /// <summary>Blocks that attend over whole sequences, as an image ViT's.</summary>
    internal static ModuleList<TransformerBlock> FullAttention(TransformerConfig config) =>
        [.. Enumerable.Range(0, config.Depth).Select(i => new FullAttentionBlock(config.Block, config.DropPathAt(i)))];
}
