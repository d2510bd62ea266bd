using System;
using System.Linq;
using TorchSharp.Dispatch;
using TorchSharp.Modules;

namespace TorchSharp;

public enum InterpolationMode
{
    Nearest = 0,
    Linear = 1,
    Bilinear = 2,
    Bicubic = 3,
    Trilinear = 4,
    Area = 5,
    NearestExact = 6,
}

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Dispatcher.Call("linear", input, weights, bias);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1E-05) =>
                Dispatcher.Call("layer_norm", input, normalized_shape, weight, bias, eps);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1E-05) =>
                Dispatcher.Call("group_norm", input, num_groups, weight, bias, eps);

            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1E-05) =>
                Dispatcher.Call("batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                !training || p == 0 ? input.alias() : Dispatcher.Call(inplace ? "dropout_" : "dropout", input, p, training);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            public static Tensor silu(Tensor x, bool inplace = false) => Dispatcher.Call(inplace ? "silu_" : "silu", x);

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor gelu(Tensor x, GELU.Approximate approximate, bool inplace = false) =>
                Dispatcher.Call(inplace ? "gelu_" : "gelu", x, approximate.ToString());

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1E-12)
            {
                using var scope = NewDisposeScope();
                var norm = Dispatcher.Call("norm.ScalarOpt_dim", input, p, new[] { dim }, true);
                return scope.MoveToOuter(input / norm.clamp_min(eps));
            }

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Dispatcher.Call("one_hot", x, num_classes);

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1E-08) =>
                Dispatcher.Call("cosine_similarity", x1, x2, dim, eps);

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Dispatcher.Call("cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Dispatcher.Call("nll_loss_nd", input, target, weight, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Dispatcher.Call("mse_loss", input, target, (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Dispatcher.Call("l1_loss", input, target, (long)reduction);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Dispatcher.Call("binary_cross_entropy_with_logits", input, target, weight, pos_weights, (long)reduction);

            /// <summary>Resizes the dimensions after the second, to lengths or by factors.</summary>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                int spatial = (int)x.dim() - 2;
                if ((size is null) == (scale_factor is null)) throw new ArgumentException("give either size or scale_factor");
                if ((size?.Length ?? scale_factor!.Length) is var given && given != spatial && given != 1)
                {
                    throw new ArgumentException($"{given} lengths for {spatial} dimensions to resize");
                }
                if (size is { Length: 1 }) size = Enumerable.Repeat(size[0], spatial).ToArray();
                if (scale_factor is { Length: 1 }) scale_factor = Enumerable.Repeat(scale_factor[0], spatial).ToArray();
                if (mode is InterpolationMode.Area)
                {
                    size ??= x.shape[2..].Zip(scale_factor!, (length, factor) => (long)(length * factor)).ToArray();
                    return Dispatcher.Call($"adaptive_avg_pool{spatial}d", x, size);
                }
                bool corners = align_corners ?? false;
                return (mode, spatial) switch
                {
                    (InterpolationMode.Nearest, _) => Dispatcher.Call($"upsample_nearest{spatial}d.vec", x, size, scale_factor),
                    (InterpolationMode.NearestExact, _) => Dispatcher.Call($"_upsample_nearest_exact{spatial}d.vec", x, size, scale_factor),
                    (InterpolationMode.Linear, 1) => Dispatcher.Call("upsample_linear1d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bilinear, 2) => Dispatcher.Call(antialias ? "_upsample_bilinear2d_aa.vec" : "upsample_bilinear2d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bicubic, 2) => Dispatcher.Call(antialias ? "_upsample_bicubic2d_aa.vec" : "upsample_bicubic2d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Trilinear, 3) => Dispatcher.Call("upsample_trilinear3d.vec", x, size, corners, scale_factor),
                    _ => throw new ArgumentException($"{mode} does not resize {spatial} dimensions"),
                };
            }

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode is PaddingModes.Constant
                ? Dispatcher.Call("constant_pad_nd", input, pad, value)
                : Dispatcher.Call("_pad_enum", input, pad, mode switch { PaddingModes.Reflect => 1L, PaddingModes.Replicate => 2L, PaddingModes.Circular => 3L, _ => throw new ArgumentException($"padding mode {mode}") });

            /// <summary>
            /// softmax(q kᵀ / sqrt(d) + mask) v over the last two dimensions. libtorch's fused operator from 2.0 on, composed before.
            /// </summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (Dispatcher.Has("scaled_dot_product_attention")) return Dispatcher.Call("scaled_dot_product_attention", query, key, value, attn_mask, p, is_casual);
                if (attn_mask is not null && is_casual) throw new ArgumentException("give either attn_mask or is_casual");
                using var scope = NewDisposeScope();
                var scores = (query * (1 / System.Math.Sqrt(query.shape[^1]))).matmul(key.transpose(-2, -1));
                if (is_casual) attn_mask = ones(scores.shape[^2], scores.shape[^1], ScalarType.Bool, scores.device).tril();
                if (attn_mask is not null)
                {
                    scores = attn_mask.dtype is ScalarType.Bool ? scores.masked_fill(attn_mask.logical_not(), double.NegativeInfinity) : scores + attn_mask;
                }
                return scope.MoveToOuter(dropout(scores.softmax(-1), p, p > 0).matmul(value));
            }
        }
    }
}
