using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>The attention weights of groups of the same length.</summary>
/// <param name="Tokens">(G, L) int64: the groups' tokens by their number, see <see cref="AttentionRecord"/>.</param>
/// <param name="Weights">(B, G, A, L, L): query, key; each row sums to 1.</param>
/// <param name="Gradients">(B, G, A, L, L): the derivative of a class score by each weight, if it was asked for.</param>
public sealed record AttentionGroup(Tensor Tokens, Tensor Weights, Tensor? Gradients = null);

/// <summary>What the tokens attended to in one step of one block.</summary>
/// <param name="Block">The block's index from 0; of a factorized encoder, the blocks in time follow those in space.</param>
/// <param name="Step">The step's name, see <see cref="AttentionStep.Name"/>.</param>
/// <param name="Count">S, how many tokens the clip has in all.</param>
/// <param name="Groups">The weights, by length of group.</param>
public sealed record AttentionMap(int Block, string Step, int Count, IReadOnlyList<AttentionGroup> Groups) : IDisposable
{
    /// <summary>
    /// All tokens against all tokens (B, A, S, S). A class token that stands in several groups has the mean of its copies' rows; a token
    /// that takes no part in the step has a row of zeros.
    /// </summary>
    public Tensor Dense()
    {
        using var scope = NewDisposeScope();
        var tokens = arange(Count, ScalarType.Int64, Groups[0].Tokens.device);
        return Pool(tokens, Count, tokens, Count).MoveToOuterDisposeScope();
    }

    /// <summary>Cells of tokens against cells of tokens: what the tokens of one on average attend to in all tokens of another.</summary>
    /// <param name="queries">(S) int64, the cell of each token as a query, from 0.</param>
    /// <param name="rows">Q, the number of these cells.</param>
    /// <param name="keys">(S) int64, the cell of each token as a key, from 0.</param>
    /// <param name="columns">K, the number of these cells.</param>
    /// <returns>(B, A, Q, K); as in <see cref="Dense"/>, rows sum to 1, or to 0 where none of a cell's tokens takes part.</returns>
    public Tensor Pool(Tensor queries, int rows, Tensor keys, int columns)
    {
        using var scope = NewDisposeScope();
        var like = Groups[0].Weights;
        long batch = like.shape[0], heads = like.shape[2];
        var pooled = zeros(new[] { batch, heads, (long)rows * columns }, like.dtype, like.device);
        var asked = zeros(new[] { (long)rows }, like.dtype, like.device);                             // tokens of each cell that take part
        foreach (var (tokens, weights, _) in Groups)
        {
            Tensor Of(Tensor cells) => cells.index_select(0, tokens.flatten()).view(tokens.shape);    // (G, L)
            var query = Of(queries);
            var pairs = query.unsqueeze(2).Times(columns).Plus(Of(keys).unsqueeze(1)).flatten();      // (G·L·L)
            pooled.index_add_(2, pairs, weights.transpose(1, 2).reshape(batch, heads, -1), Arithmetic.One);
            asked.index_add_(0, query.flatten(), ones(tokens.numel(), like.dtype, like.device), Arithmetic.One);
        }
        return (pooled.view(batch, heads, rows, columns) / asked.clamp(min: Arithmetic.One).unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var (tokens, weights, gradients) in Groups)
        {
            tokens.Dispose();
            weights.Dispose();
            gradients?.Dispose();
        }
    }
}

/// <summary>What a clip's tokens attended to on their way through a transformer, from <see cref="AttentionRecorder"/>.</summary>
/// <remarks>
/// The S tokens are numbered in one sequence: first the class tokens, then the patches, or tubelets, (h, w, t) at (h·W + w)·T + t. A model
/// that sees each frame by itself has T class tokens; a ViViT with a factorized encoder 1 + T, of which the first is that of the encoder in
/// time; a VideoMAE none.
/// </remarks>
/// <param name="Logits">(B, classes).</param>
/// <param name="Grid">The layout of the clips' patches.</param>
/// <param name="ClassTokens">How many class tokens there are.</param>
/// <param name="Read">The head sees the mean of so many tokens, the first ones.</param>
/// <param name="Maps">The steps of the blocks, in the order of computation.</param>
public sealed record AttentionRecord(Tensor Logits, TokenGrid Grid, int ClassTokens, int Read, IReadOnlyList<AttentionMap> Maps)
    : IDisposable
{
    /// <summary>S, the number of tokens.</summary>
    public int Count => ClassTokens + (int)(Grid.Patches * Grid.Frames);

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Logits.Dispose();
        foreach (var map in Maps) map.Dispose();
    }
}
