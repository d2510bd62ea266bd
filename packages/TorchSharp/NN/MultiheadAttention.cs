using System;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Attention of several heads over sequences (L, B, E), with projections of query, key, value and result. In a boolean mask true
    /// forbids, unlike in <see cref="functional.scaled_dot_product_attention"/>.
    /// </summary>
    public sealed class MultiheadAttention : Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>>
    {
        private readonly long heads;
        private readonly double dropout;

        // One projection for all three where their widths agree, else one each.
        private readonly Parameter? in_proj_weight;
        private readonly Parameter? q_proj_weight;
        private readonly Parameter? k_proj_weight;
        private readonly Parameter? v_proj_weight;
        private readonly Parameter? in_proj_bias;
        private readonly Linear out_proj;

        internal MultiheadAttention(long width, long heads, double dropout, bool bias, long keyWidth, long valueWidth)
            : base(nameof(MultiheadAttention))
        {
            if (width % heads != 0) throw new ArgumentException($"{width} dimensions do not divide into {heads} heads");
            (this.heads, this.dropout) = (heads, dropout);
            out_proj = Linear(width, width, bias);
            if (keyWidth == width && valueWidth == width)
            {
                in_proj_weight = Projection(3 * width, width);
            }
            else
            {
                (q_proj_weight, k_proj_weight, v_proj_weight) = (Projection(width, width), Projection(width, keyWidth), Projection(width, valueWidth));
            }
            if (bias)
            {
                in_proj_bias = Parameter(zeros(3 * width));
                init.zeros_(out_proj.bias!);
            }
            RegisterComponents();
        }

        private static Parameter Projection(long rows, long columns)
        {
            var weight = Parameter(empty(rows, columns));
            init.xavier_uniform_(weight);
            return weight;
        }

        public new Tuple<Tensor, Tensor> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
            base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

        /// <summary>The result (L, B, E), and the weights (B, L, S) as the mean over the heads, null unless needed.</summary>
        /// <param name="key_padding_mask">(B, S): places that nobody attends to.</param>
        /// <param name="attn_mask">(L, S) or (B · heads, L, S).</param>
        public override Tuple<Tensor, Tensor> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
        {
            using var scope = NewDisposeScope();
            long length = query.shape[0], batch = query.shape[1], width = query.shape[2], places = key.shape[0];
            var q = Heads(query, 0) * Math.Sqrt(heads / (double)width);
            var scores = q.matmul(Heads(key, 1).transpose(-2, -1));                 // (B, heads, L, S)
            if (attn_mask is { ndim: 3 }) attn_mask = attn_mask.view(batch, heads, length, places);
            scores = Masked(Masked(scores, attn_mask), key_padding_mask?.view(batch, 1, 1, places));
            var weights = functional.dropout(scores.softmax(-1), dropout, training);
            var mixed = weights.matmul(Heads(value, 2));                            // (B, heads, L, E / heads)
            var output = out_proj.call(mixed.permute(2, 0, 1, 3).reshape(length, batch, width));
            scope.MoveToOuter(output);
            return Tuple.Create(output, need_weights ? scope.MoveToOuter(weights.mean([1])) : null!);
        }

        // The projection of query (0), key (1) or value (2): (L, B, ...) to (B, heads, L, E / heads).
        private Tensor Heads(Tensor input, long part)
        {
            long width = out_proj.in_features;
            var own = part switch { 0 => q_proj_weight, 1 => k_proj_weight, _ => v_proj_weight };
            var weight = own ?? in_proj_weight!.narrow(0, part * width, width);
            var projected = functional.linear(input, weight, in_proj_bias?.narrow(0, part * width, width));
            return projected.view(input.shape[0], input.shape[1], heads, width / heads).permute(1, 2, 0, 3);
        }

        private static Tensor Masked(Tensor scores, Tensor? mask) => mask switch
        {
            null => scores,
            { dtype: ScalarType.Bool } => scores.masked_fill(mask, double.NegativeInfinity),
            _ => scores + mask,
        };
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <exception cref="NotSupportedException">add_bias_kv or add_zero_attn is set.</exception>
            public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads, double dropout = 0, bool bias = true, bool add_bias_kv = false, bool add_zero_attn = false, long? kdim = null, long? vdim = null)
            {
                if (add_bias_kv || add_zero_attn) throw new NotSupportedException("add_bias_kv and add_zero_attn");
                return new MultiheadAttention(embedded_dim, num_heads, dropout, bias, kdim ?? embedded_dim, vdim ?? embedded_dim);
            }
        }
    }
}
