using TimeSformer.Kernels;
using TimeSformer.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Attention;

/// <summary>Multi-head self-attention over the tokens of each sequence (paper, equations 2 to 5 and 7, and the projection of 8).</summary>
public sealed class SelfAttention : Module<Tensor, Tensor>
{
    internal readonly Linear qkv;
    internal readonly Linear proj;
    private readonly int heads;
    private readonly Dropout drop;

    internal SelfAttention(BlockConfig config)
        : base(nameof(SelfAttention))
    {
        heads = config.NumHeads;
        qkv = Linear(config.EmbedDim, 3 * config.EmbedDim, hasBias: config.QkvBias);
        proj = Linear(config.EmbedDim, config.EmbedDim);
        drop = Dropout(config.DropRate);
        RegisterComponents();
    }

    /// <summary>A.</summary>
    internal int Heads => heads;

    /// <summary>Sequences (S, L, D) to (S, L, D): each token attends to the L tokens of its sequence.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        if (CpuKernels.Cover(x, (int)x.shape[2] / heads))
        {
            return drop.call(proj.call(CpuKernels.Attention(qkv.call(x), heads))).MoveToOuterDisposeScope();
        }
        var (q, k, v) = Project(x);                                             // each (S, A, L, D/A)
        return drop.call(proj.call(Attend(q, k, v).transpose(1, 2).flatten(2))).MoveToOuterDisposeScope();
    }

    /// <summary>The attention weights softmax(q·k / sqrt(D/A)) of sequences (S, L, D): (S, A, L, L), each row sums to 1.</summary>
    public Tensor Weights(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (q, k, _) = Project(x);
        var scores = Matrix.matmul(q, k.transpose(-2, -1)).Over(Math.Sqrt(q.shape[3]));
        return scores.softmax(-1).MoveToOuterDisposeScope();
    }

    /// <summary>The result (S, L, D) for sequences (S, L, D) with given weights (S, A, L, L) instead of the module's own.</summary>
    internal Tensor Attend(Tensor weights, Tensor x)
    {
        using var scope = NewDisposeScope();
        var (_, _, v) = Project(x);
        return drop.call(proj.call(Matrix.matmul(weights, v).transpose(1, 2).flatten(2))).MoveToOuterDisposeScope();
    }

    // Which attention where, by measurement (S, A, L, D/A): libtorch's fused one is the fastest on CUDA, and as fast as any on the CPU,
    // except for its backward pass in bfloat16, which takes several times as long (and the forward pass gives the same numbers with
    // gradients and without).
    private static Tensor Attend(Tensor q, Tensor k, Tensor v)
    {
        if (q.device_type is DeviceType.CPU && q.dtype is ScalarType.BFloat16)
        {
            var scores = Matrix.matmul(q, k.transpose(-2, -1)).Over(Math.Sqrt(q.shape[3]));                // (S, A, L, L)
            return Matrix.matmul(scores.softmax(-1), v);
        }
        return FusedAttention.Of(q, k, v);
    }

    private (Tensor Q, Tensor K, Tensor V) Project(Tensor x)
    {
        long sequences = x.shape[0], length = x.shape[1], dim = x.shape[2];
        var qkvs = qkv.call(x).view(sequences, length, 3, heads, dim / heads).unbind(2);                   // 3 x (S, L, A, D/A)
        return (qkvs[0].transpose(1, 2), qkvs[1].transpose(1, 2), qkvs[2].transpose(1, 2));
    }
}
