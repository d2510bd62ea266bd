namespace TimeSformer.Costs;

/// <summary>How a block's steps are computed. Their memory and time depend on it, their multiply-adds do not.</summary>
public enum Computation
{
    /// <summary>
    /// Of libtorch's operations, attention of two products and a softmax, as in the paper and its official code: training keeps the weights
    /// of all pairs of tokens.
    /// </summary>
    Composed,

    /// <summary>Attention is one operation of libtorch, which keeps no weights; the rest is composed. So it is on a GPU.</summary>
    FusedAttention,

    /// <summary>Each step with its norm and residual is one operation, which computes anew what it can. So it is on a processor.</summary>
    FusedSteps,
}
