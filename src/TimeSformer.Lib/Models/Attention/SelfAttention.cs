using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Attention;

/// <summary>Multi-head self-attention over the tokens of each sequence (paper, equations 2 to 4).</summary>
public sealed class SelfAttention : Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly Dropout drop;

    internal SelfAttention(TimeSformerConfig config)
        : base(nameof(SelfAttention))
    {
        heads = config.NumHeads;
        qkv = Linear(config.EmbedDim, 3 * config.EmbedDim, hasBias: config.QkvBias);
        proj = Linear(config.EmbedDim, config.EmbedDim);
        drop = Dropout(config.DropRate);
        RegisterComponents();
    }

    /// <summary>Sequences (S, L, D) to (S, L, D): each token attends to the L tokens of its sequence.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var parts = Project(input);
        var attended = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);          // (S, A, L, D/A)
        return drop.call(proj.call(attended.transpose(1, 2).flatten(2))).MoveToOuterDisposeScope();
    }

    /// <summary>How much each token attends to each: softmax(q·k / sqrt(D/A)), (S, A, L, L).</summary>
    public Tensor Weights(Tensor input)
    {
        using var scope = NewDisposeScope();
        var parts = Project(input);
        var scores = Matrix.matmul(parts[0], parts[1].transpose(-2, -1)).Over(Math.Sqrt(parts[0].shape[3]));
        return scores.softmax(-1).MoveToOuterDisposeScope();
    }

    // Queries, keys and values: 3 x (S, A, L, D/A).
    private Tensor[] Project(Tensor input)
    {
        long sequences = input.shape[0], length = input.shape[1], dim = input.shape[2];
        return qkv.call(input).view(sequences, length, 3, heads, dim / heads).permute(2, 0, 3, 1, 4).unbind();
    }
}
