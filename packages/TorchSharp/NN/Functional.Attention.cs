using System;
using TorchSharp.Dispatch;

namespace TorchSharp;

// Attention.
public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// softmax(q kᵀ / √d + mask) v over the last two dimensions: libtorch's fused operator from 2.0 on, composed before.
            /// A boolean mask is true where attention is allowed; `is_casual` masks what comes later.
            /// </summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (Dispatcher.Has("scaled_dot_product_attention")) return Dispatcher.Call("scaled_dot_product_attention", query, key, value, attn_mask, p, is_casual);
                if (attn_mask is not null && is_casual) throw new ArgumentException("give either attn_mask or is_casual");
                using var scope = NewDisposeScope();
                var weights = Masked(Scores(query, key), attn_mask, is_casual).softmax(-1);
                return scope.MoveToOuter(dropout(weights, p).matmul(value));
            }

            // Scaling the query costs less than scaling the scores: tokens · d numbers, not tokens².
            private static Tensor Scores(Tensor query, Tensor key) => (query * (1 / Math.Sqrt(query.shape[^1]))).matmul(key.transpose(-2, -1));

            private static Tensor Masked(Tensor scores, Tensor? mask, bool causal)
            {
                if (causal) mask = ones(scores.shape[^2], scores.shape[^1], ScalarType.Bool, scores.device).tril();
                return mask switch
                {
                    null => scores,
                    { dtype: ScalarType.Bool } => scores.masked_fill(mask.logical_not(), double.NegativeInfinity),
                    _ => scores + mask,
                };
            }
        }
    }
}
