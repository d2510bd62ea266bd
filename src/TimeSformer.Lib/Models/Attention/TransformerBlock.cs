using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Attention;

/// <summary>How the tokens of a batch are laid out: B clips of T frames of H x W patches.</summary>
public readonly record struct TokenGrid(long Batch, long Frames, long Height, long Width)
{
    /// <summary>N, the patches of a frame.</summary>
    public long Patches => Height * Width;
}

/// <summary>
/// One encoder block: attention over the tokens in some scheme, then an MLP, both pre-norm and residual (paper, equations 2 to 9).
/// forward takes and returns (B, 1 + N·T, D), except in the space-only scheme, (B·T, 1 + N, D).
/// </summary>
public abstract class TransformerBlock : Module<Tensor, TokenGrid, Tensor>
{
    private protected readonly LayerNorm norm1;
    private protected readonly SelfAttention attn;
    private protected readonly DropPath drop_path;
    private protected readonly LayerNorm norm2;
    private protected readonly Mlp mlp;

    private protected TransformerBlock(string name, TimeSformerConfig config, double dropPath)
        : base(name)
    {
        norm1 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        attn = new SelfAttention(config);
        drop_path = new DropPath(dropPath);
        norm2 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        mlp = new Mlp(config);
    }

    // x + drop_path(mlp(norm2(x))), any shape (..., D).
    private protected Tensor AddMlp(Tensor x) => x + drop_path.call(mlp.call(norm2.call(x)));
}

/// <summary>Linear, GELU, linear on each token.</summary>
public sealed class Mlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly Dropout drop;

    internal Mlp(TimeSformerConfig config)
        : base(nameof(Mlp))
    {
        int hidden = (int)(config.EmbedDim * config.MlpRatio);
        fc1 = Linear(config.EmbedDim, hidden);
        fc2 = Linear(hidden, config.EmbedDim);
        drop = Dropout(config.DropRate);
        RegisterComponents();
    }

    /// <summary>(..., D) to (..., D).</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = drop.call(functional.gelu(fc1.call(input)));
        return drop.call(fc2.call(hidden)).MoveToOuterDisposeScope();
    }
}

/// <summary>Stochastic depth: in training, zeroes the whole branch of a sample with probability p and scales the others by 1 / (1 - p).</summary>
public sealed class DropPath : Module<Tensor, Tensor>
{
    private readonly double p;

    internal DropPath(double p)
        : base(nameof(DropPath)) => this.p = p;

    /// <summary>(B, ...) to (B, ...); the identity in evaluation.</summary>
    public override Tensor forward(Tensor input)
    {
        if (!training || p == 0) return input.alias();
        using var scope = NewDisposeScope();
        var shape = input.shape.Select((length, axis) => axis == 0 ? length : 1).ToArray(); // (B, 1, ...)
        var keep = (rand(shape, input.dtype, input.device) + (1 - p)).floor();
        return (input / (1 - p) * keep).MoveToOuterDisposeScope();
    }
}
