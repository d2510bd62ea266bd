using TimeSformer.Kernels;
using TimeSformer.Kernels.Cuda;
using TimeSformer.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Approximate = TorchSharp.Modules.GELU.Approximate;

namespace TimeSformer.Models.Attention;

/// <summary>What stands between the two linear layers of an MLP.</summary>
public enum Activation
{
    /// <summary>GELU, x · Φ(x).</summary>
    Gelu,

    /// <summary>GELU with Φ approximated by a hyperbolic tangent (Hendrycks and Gimpel 2016, section 2), as in Flax.</summary>
    TanhGelu,
}

/// <summary>The sizes of a block.</summary>
/// <param name="EmbedDim">D, the width of a token.</param>
/// <param name="NumHeads">A, the heads of its attention.</param>
/// <param name="MlpRatio">Width of the MLP's hidden layer as a multiple of D.</param>
/// <param name="QkvBias">Whether the projections to queries, keys and values have a bias.</param>
/// <param name="DropRate">Dropout after projections.</param>
/// <param name="LayerNormEps">Added to the variance in layer norms.</param>
/// <param name="Activation">The MLP's.</param>
public sealed record BlockConfig(
    int EmbedDim, int NumHeads, double MlpRatio, bool QkvBias, double DropRate, double LayerNormEps,
    Activation Activation = Activation.Gelu);

/// <summary>
/// One encoder block: attention over the tokens in some scheme, then an MLP, both pre-norm and residual (paper, equations 2 to 9).
/// forward takes and returns tokens (B, 1 + N·T, D), except in the space-only scheme, (B·T, 1 + N, D).
/// </summary>
/// <remarks>
/// Where kernels compute the steps (<see cref="CpuKernels"/>), they are made for one <c>backward()</c> of a loss: it adds to the gradients
/// of all trained weights and frees the graph. Hooks on submodules, <c>retain_graph</c>, <c>create_graph</c> and <c>autograd.grad</c> by
/// weights need a forward pass within <see cref="CpuKernels.Off"/>.
/// </remarks>
public abstract class TransformerBlock : Module<Tensor, TokenGrid, Tensor>
{
    private protected readonly LayerNorm norm1;
    private protected readonly SelfAttention attn;
    private protected readonly DropPath drop_path;
    private protected readonly LayerNorm norm2;
    private protected readonly Mlp mlp;

    private readonly double eps;
    private readonly double dropRate;

    private protected TransformerBlock(string name, BlockConfig config, double dropPath)
        : base(name)
    {
        norm1 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        attn = new SelfAttention(config);
        drop_path = new DropPath(dropPath);
        norm2 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        mlp = new Mlp(config);
        (eps, dropRate) = (config.LayerNormEps, config.DropRate);
    }

    /// <summary>The layers that start at zero, so that the block begins as an image ViT's.</summary>
    internal virtual IReadOnlyList<Linear> ZeroAtStart => [];

    // x + drop_path(mlp(norm2(x))), (B, R, D) (paper, equation 9).
    private protected Tensor AddMlp(Tensor x)
    {
        if (mlp.Activation is not Activation.Gelu || !HasKernels(x)) return x.Plus(drop_path.call(mlp.call(norm2.call(x))));
        using var factors = drop_path.Factors(x.shape[0], x.device);
        return x.device_type is DeviceType.CPU
            ? CpuKernels.AddMlp(x, norm2, eps, mlp.fc1, mlp.fc2, factors)
            : CudaKernels.AddMlp(x, norm2, eps, mlp.fc1, mlp.fc2, factors);
    }

    // x + fc(drop_path(attention(norm(x)))) within a batch's sequences, (B, R, D), by kernels.
    private protected Tensor AddAttention(Tensor x, SequenceLayout layout, LayerNorm norm, SelfAttention attention, Linear? fc = null)
    {
        using var factors = drop_path.Factors((long)layout.Batch * layout.Count, x.device);
        return x.device_type is DeviceType.CPU
            ? CpuKernels.AddAttention(x, layout, attention.Heads, norm, eps, attention.qkv, attention.proj, fc, factors)
            : CudaKernels.AddAttention(x, layout, attention.Heads, norm, eps, attention.qkv, attention.proj, fc, factors);
    }

    // Whether kernels compute the steps of this block, whose attention over time has so many frames.
    private protected bool HasKernels(Tensor x, long frames = 1)
    {
        if (training && dropRate > 0) return false;
        return CpuKernels.Cover(x, (int)x.shape[^1] / attn.Heads, mlp.Width) || CudaKernels.Cover(x, attn.Heads, mlp.Width, frames);
    }

    // x + fc(drop_path(attention(norm(x)))) within the groups of a step, (B, 1 + N·T, D).
    private protected Tensor AddStep(Tensor x, TokenGrid grid, AttentionStep step, LayerNorm norm, SelfAttention attention, Linear? fc)
    {
        using var scope = NewDisposeScope();
        var (batch, dim) = (x.shape[0], x.shape[2]);
        var partition = step.Groups(grid, x.device);
        var order = cat(partition.Select(groups => groups.flatten()).ToArray());                      // (N·T)
        long[] clsAndPatches = [1, grid.Patches * grid.Frames];
        var normed = norm.call(x).split(clsAndPatches, 1);
        var cls = normed[0].unsqueeze(1);                                                             // (B, 1, 1, D)
        var sorted = normed[1].index_select(1, order);                                                // (B, N·T, D)
        List<Tensor> patches = [], copies = [];
        long start = 0;
        foreach (var groups in partition)
        {
            var (count, length) = (groups.shape[0], groups.shape[1]);
            var sequences = sorted.narrow(1, start, count * length).view(batch, count, length, dim);    // (B, G, L, D)
            if (step.WithClassToken) sequences = cat([cls.expand(batch, count, 1, dim), sequences], 2); // (B, G, 1 + L, D)
            var attended = drop_path.call(attention.call(sequences.flatten(0, 1))).view(batch, count, -1, dim);
            if (step.WithClassToken)
            {
                var parts = attended.split([1, length], 2);
                copies.Add(parts[0].squeeze(2));                                                      // (B, G, D)
                attended = parts[1];
            }
            patches.Add(attended.flatten(1, 2));                                                      // (B, G·L, D)
            start += count * length;
        }
        var added = cat(patches, 1).index_select(1, order.argsort());                                 // (B, N·T, D)
        if (step.WithClassToken)
        {
            // A mean would keep the copies for the backward pass, a sum does not.
            long groups = partition.Sum(groups => groups.shape[0]);
            var mean = cat(copies, 1).sum([1L], keepdim: true).Over(groups);                          // (B, 1, D)
            added = cat([mean, added], 1);                                                            // (B, 1 + N·T, D)
        }
        if (fc is not null) added = fc.call(added);
        if (step.WithClassToken) return x.Plus(added).MoveToOuterDisposeScope();
        var tokens = x.split(clsAndPatches, 1);
        return cat([tokens[0], tokens[1].Plus(added)], 1).MoveToOuterDisposeScope();
    }
}

/// <summary>Linear, activation and linear on each token.</summary>
public sealed class Mlp : Module<Tensor, Tensor>
{
    internal readonly Linear fc1;
    internal readonly Linear fc2;
    private readonly Dropout drop;

    internal Mlp(BlockConfig config)
        : base(nameof(Mlp))
    {
        Width = (int)(config.EmbedDim * config.MlpRatio);
        Activation = config.Activation;
        fc1 = Linear(config.EmbedDim, Width);
        fc2 = Linear(Width, config.EmbedDim);
        drop = Dropout(config.DropRate);
        RegisterComponents();
    }

    /// <summary>The hidden layer's width, D · MlpRatio.</summary>
    internal int Width { get; }

    /// <summary>What follows the hidden layer; kernels know the exact GELU alone.</summary>
    internal Activation Activation { get; }

    /// <summary>(..., D) to (..., D).</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var approximation = Activation is Activation.TanhGelu ? Approximate.tanh : Approximate.none;
        var hidden = drop.call(functional.gelu(fc1.call(x), approximation));                          // (..., D · MlpRatio)
        return drop.call(fc2.call(hidden)).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Stochastic depth: in training, zeros the whole branch of a sample with probability p and scales the others by 1 / (1 - p).
/// </summary>
public sealed class DropPath : Module<Tensor, Tensor>
{
    private readonly double p;

    internal DropPath(double p)
        : base(nameof(DropPath)) => this.p = p;

    /// <summary>(B, ...) to (B, ...); the identity in evaluation.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        if (Factors(x.shape[0], x.device) is not { } factors) return x.alias().MoveToOuterDisposeScope();
        var shape = x.shape.Select((length, axis) => axis == 0 ? length : 1).ToArray();               // (B, 1, ...)
        return (x * factors.view(shape).to_type(x.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>What each of some samples is multiplied by, 0 or 1 / (1 - p), float32 (samples); null in evaluation.</summary>
    internal Tensor? Factors(long samples, Device device)
    {
        if (!training || p == 0) return null;
        using var scope = NewDisposeScope();
        var keep = rand(new[] { samples }, ScalarType.Float32, device).Plus(1 - p).floor();           // a shorter type would round p
        return keep.Over(1 - p).MoveToOuterDisposeScope();
    }
}
