using TimeSformer.Torch;
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

    /// <summary>Where to leave the attention weights; null, as it is by default, computes none.</summary>
    internal List<AttentionMap>? Captured { get; set; }

    /// <summary>The layers that start at zero, so that the block begins as an image ViT's.</summary>
    internal virtual IReadOnlyList<Linear> ZeroAtStart => [];

    // x + drop_path(mlp(norm2(x))), any shape (..., D).
    private protected Tensor AddMlp(Tensor x) => x.Plus(drop_path.call(mlp.call(norm2.call(x))));

    // x + fc(drop_path(attention(norm(x)))) within the step's groups, (B, 1 + N·T, D).
    private protected Tensor AddStep(Tensor x, TokenGrid grid, AttentionStep step, LayerNorm norm, SelfAttention attention, Linear? fc)
    {
        using var scope = NewDisposeScope();
        var (batch, dim) = (x.shape[0], x.shape[2]);
        var partition = step.Groups(grid, x.device);
        var order = cat(partition.Select(groups => groups.flatten()).ToArray());                      // (N·T)
        var normed = norm.call(x);
        var sorted = normed[.., 1..].index_select(1, order);                                          // (B, N·T, D)
        var cls = normed[.., ..1].unsqueeze(1);                                                       // (B, 1, 1, D)
        List<Tensor> patches = [], copies = [];
        long start = 0;
        foreach (var groups in partition)
        {
            var (count, length) = (groups.shape[0], groups.shape[1]);
            var sequences = sorted.narrow(1, start, count * length).view(batch, count, length, dim);   // (B, G, L, D)
            if (step.WithClassToken) sequences = cat([cls.expand(batch, count, 1, dim), sequences], 2); // (B, G, 1 + L, D)
            Capture(step, grid, attention, sequences.flatten(0, 1), groups);
            var attended = drop_path.call(attention.call(sequences.flatten(0, 1))).view(batch, count, -1, dim);
            if (step.WithClassToken) copies.Add(attended[.., .., 0]);                                 // (B, G, D)
            patches.Add(attended[.., .., ^(int)length..].flatten(1, 2));                              // (B, G·L, D)
            start += count * length;
        }
        var added = cat(patches, 1).index_select(1, order.argsort());                                 // (B, N·T, D)
        if (step.WithClassToken)
        {
            // A mean would keep the copies for the backward pass, a sum does not.
            var mean = cat(copies, 1).sum([1L], keepdim: true).Over(partition.Sum(groups => groups.shape[0])); // (B, 1, D)
            added = cat([mean, added], 1);                                                            // (B, 1 + N·T, D)
        }
        if (fc is not null) added = fc.call(added);
        var result = step.WithClassToken ? x.Plus(added) : cat([x[.., ..1], x[.., 1..].Plus(added)], 1);
        return result.MoveToOuterDisposeScope();
    }

    // Sequences (B·G, L, D) or, with the class token first, (B·G, 1 + L, D) of groups (G, L).
    private protected void Capture(AttentionStep step, TokenGrid grid, SelfAttention attention, Tensor sequences, Tensor groups)
    {
        if (Captured is null) return;
        using var scope = NewDisposeScope();
        var tokens = groups.Plus(1);
        if (step.WithClassToken) tokens = cat([zeros_like(tokens[.., ..1]), tokens], 1);
        var weights = attention.Weights(sequences).unflatten(0, grid.Batch, groups.shape[0]);         // (B, G, A, L, L)
        // The scopes around are the forward pass's; the maps outlive it.
        var group = new AttentionGroup(tokens.DetachFromDisposeScope(), weights.DetachFromDisposeScope());
        if (Captured is [.., var last] && last.Step == step.Name) Captured[^1] = last with { Groups = [.. last.Groups, group] };
        else Captured.Add(new(0, step.Name, grid, [group]));
    }
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
        var keep = rand(shape, ScalarType.Float32, input.device).Plus(1 - p).floor(); // a shorter type would round p
        return (input.Over(1 - p) * keep.to_type(input.dtype)).MoveToOuterDisposeScope();
    }
}
