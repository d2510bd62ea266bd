using TorchSharp.Dispatch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>A vector for each number: rows of `weight`.</summary>
    public sealed class Embedding : Module<Tensor, Tensor>
    {
        private readonly long padding;
        private readonly double? maxNorm;
        private readonly double normType;
        private readonly bool scaleByFrequency;
        private readonly bool sparse;

        internal Embedding(Parameter weight, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse)
            : base(nameof(Embedding))
        {
            this.weight = weight;
            long rows = weight.shape[0];
            if (padding_idx < -rows || padding_idx >= rows) throw new System.ArgumentException($"padding_idx {padding_idx} of {rows} embeddings");
            // The operator's own word for none is -1; a row counted from the end gets its number.
            padding = padding_idx switch { null => -1, < 0 => padding_idx.Value + rows, _ => padding_idx.Value };
            (maxNorm, normType, scaleByFrequency, this.sparse) = (max_norm, norm_type, scale_grad_by_freq, sparse);
        }

        public Parameter? weight { get; set => field = Own("weight", field, value); }

        protected override void RegisterComponents()
        {
        }

        public override Tensor forward(Tensor input)
        {
            if (maxNorm is { } limit)
            {
                using var _ = no_grad();
                Dispatcher.Call("embedding_renorm_", weight, input, limit, normType).Dispose();
            }
            return Dispatcher.Call("embedding", weight, input, padding, scaleByFrequency, sparse);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                var weight = Parameter(empty(num_embeddings, embedding_dims, dtype, device));
                init.normal_(weight);
                var made = new Embedding(weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
                if (padding_idx is not { } row) return made;
                using var vector = weight.select(0, row);
                init.zeros_(vector);
                return made;
            }
        }
    }
}
