using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>The attention weights of groups of the same length.</summary>
/// <param name="Tokens">
/// (G, L) int64: the groups' tokens by their index in the sequence of 1 + N·T; 0 is the class token, 1 + (h·W + w)·T + t a patch.
/// </param>
/// <param name="Weights">(B, G, A, L, L): query, key; each row sums to 1.</param>
public sealed record AttentionGroup(Tensor Tokens, Tensor Weights);

/// <summary>What the tokens attended to in one step of one block.</summary>
/// <param name="Block">The block's index from 0.</param>
/// <param name="Step">The step's name, see <see cref="AttentionStep.Name"/>.</param>
/// <param name="Grid">The layout of the clips' tokens.</param>
/// <param name="Groups">The weights, by length of group.</param>
public sealed record AttentionMap(int Block, string Step, TokenGrid Grid, IReadOnlyList<AttentionGroup> Groups) : IDisposable
{
    /// <summary>
    /// All tokens against all tokens (B, A, 1 + N·T, 1 + N·T). The class token's row is the mean of its copies'; a token that takes no part
    /// in the step has a row of zeros.
    /// </summary>
    public Tensor Dense()
    {
        using var scope = NewDisposeScope();
        long length = 1 + (Grid.Patches * Grid.Frames);
        long batch = Grid.Batch, heads = Groups[0].Weights.shape[2];
        var dense = zeros(new[] { batch, heads, length * length }, Groups[0].Weights.dtype, Groups[0].Weights.device);
        foreach (var (tokens, weights) in Groups)
        {
            var cells = tokens.unsqueeze(2).Times(length).Plus(tokens.unsqueeze(1));                  // (G, L, L)
            dense.index_add_(2, cells.flatten(), weights.transpose(1, 2).reshape(batch, heads, -1), Arithmetic.One);
        }
        dense = dense.view(batch, heads, length, length);
        dense[.., .., 0] = dense[.., .., 0] / dense[.., .., 0].sum([-1L], keepdim: true).clamp(min: Arithmetic.One);
        return dense.MoveToOuterDisposeScope();
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var (tokens, weights) in Groups)
        {
            tokens.Dispose();
            weights.Dispose();
        }
    }
}
