using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>What a transformer's prediction is made of, followed back through the attention of all its blocks.</summary>
/// <remarks>
/// <para>
/// A step of attention replaces a token x_i by x_i + Σ_j a_ij v(x_j). Rollout takes both terms for equally large and the values for the
/// tokens themselves, so that a step is the matrix (I + A) / 2, whose rows sum to 1; the prediction's shares are r, the tokens that the
/// head reads, times the product of these matrices from the last step to the first.
/// </para>
/// <para>
/// In the divided scheme each block has two: R = r · Π_l ½(I + A_space,l) · ½(I + A_time,l), where A_time relates the T patches of one
/// place, and A_space the N patches of one frame and the class token. What holds for a token in a step is what the computation does with
/// it: the class token takes no part in time, so its row there is that of I; in space each frame has a copy of it, whose results are
/// averaged, so that its row is the mean of the copies' rows. The axial scheme has three such matrices, sparse local global two, joint and
/// space-only attention one; where each frame is seen by itself, its class token is a token of its own, and r is their mean.
/// </para>
/// </remarks>
public static class AttentionRollout
{
    /// <summary>How much each patch contributes to what the head reads (Abnar and Zuidema 2020, "Quantifying Attention Flow").</summary>
    /// <param name="record">Clips' attention.</param>
    /// <returns>(B, T, H, W) in patches, or tubelets; the fractions of a clip sum to 1.</returns>
    public static Tensor Of(AttentionRecord record)
    {
        using var scope = NewDisposeScope();
        return Patches(Shares(record, Head(record)), record).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// How much each patch contributes to a class score by gradient-weighted attention (Chefer, Gur and Wolf, ICCV 2021, "Generic
    /// Attention-model Explainability", equations 5 and 6): a step is I + E_h[(∇A ⊙ A)⁺]. Copies of a class token are summed: each one's
    /// gradient has its share of the mean already.
    /// </summary>
    /// <param name="record">Clips' attention with gradients, from <see cref="AttentionRecorder.RecordGradients"/>.</param>
    /// <returns>(B, T, H, W) in patches, or tubelets; a clip's sum to 1, or are all 0 where nothing speaks for the class.</returns>
    /// <exception cref="ArgumentException">The record has no gradients.</exception>
    public static Tensor OfGradients(AttentionRecord record)
    {
        using var scope = NewDisposeScope();
        var shares = Head(record);
        foreach (var map in record.Maps.Reverse())
        {
            using var step = NewDisposeScope();
            var next = shares.clone();
            foreach (var (tokens, weights, gradients) in map.Groups)
            {
                if (gradients is null) throw new ArgumentException("the record has no gradients; RecordGradients makes one that has");
                Pass(shares, tokens, (weights * gradients).relu().mean([2L]), next);
            }
            shares = next.MoveToOuterDisposeScope();
        }
        return Patches(shares, record).MoveToOuterDisposeScope();
    }

    /// <summary>What tokens after the last block are made of.</summary>
    /// <param name="record">Clips' attention.</param>
    /// <param name="shares">(B, S): how much of each token; a token by itself is a row of the identity.</param>
    /// <returns>(B, S): how much of each token before the first block; the sum over a clip's tokens is that of its shares.</returns>
    public static Tensor Shares(AttentionRecord record, Tensor shares)
    {
        using var scope = NewDisposeScope();
        foreach (var map in record.Maps.Reverse())
        {
            using var step = NewDisposeScope();
            var copies = zeros_like(shares[0]);                                                       // (S): groups that a token is in
            foreach (var tokens in map.Groups.Select(group => group.Tokens.flatten()))
            {
                copies.index_add_(0, tokens, ones_like(tokens, copies.dtype), Arithmetic.One);
            }
            var moving = shares * copies.clamp(max: Arithmetic.One).Over(2);                          // half, of tokens that take part
            var next = shares.Plus(moving.neg());
            var each = moving / copies.clamp(min: Arithmetic.One);
            foreach (var (tokens, weights, _) in map.Groups) Pass(each, tokens, weights.mean([2L]), next);
            shares = next.MoveToOuterDisposeScope();
        }
        return shares.MoveToOuterDisposeScope();
    }

    // Adds what tokens (G, L) hand on by weights (B, G, L, L) of their shares (B, S).
    private static void Pass(Tensor shares, Tensor tokens, Tensor weights, Tensor to)
    {
        var own = shares.index_select(1, tokens.flatten()).view(shares.shape[0], tokens.shape[0], 1, tokens.shape[1]); // (B, G, 1, L)
        to.index_add_(1, tokens.flatten(), Matrix.matmul(own, weights).flatten(1), Arithmetic.One);
    }

    // (B, S): the mean of the tokens that the head reads.
    private static Tensor Head(AttentionRecord record)
    {
        var head = zeros(new[] { record.Grid.Batch, (long)record.Count }, record.Logits.dtype, record.Logits.device);
        head[.., ..record.Read] = ones_like(head[.., ..record.Read]).Over(record.Read);
        return head;
    }

    private static Tensor Patches(Tensor shares, AttentionRecord record)
    {
        var (batch, frames, height, width) = record.Grid;
        var patches = shares[.., record.ClassTokens..].view(batch, height, width, frames);            // from (B, N·T)
        return Relevance.Normalized(patches.permute(0, 3, 1, 2).contiguous());
    }
}
