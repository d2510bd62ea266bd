using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public sealed class LayerNorm : Module<Tensor, Tensor>
    {
        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(LayerNorm))
        {
            (this.normalized_shape, this.eps, this.elementwise_affine) = (normalized_shape, eps, elementwise_affine);
            if (!elementwise_affine) return;
            weight = Parameter(ones(normalized_shape, dtype, device));
            register_parameter("weight", weight);
            if (!bias) return;
            this.bias = Parameter(zeros(normalized_shape, dtype, device));
            register_parameter("bias", this.bias);
        }

        public Parameter? weight { get; set; }

        public Parameter? bias { get; set; }

        public bool elementwise_affine { get; set; }

        public double eps { get; set; }

        public long[] normalized_shape { get; set; }

        protected override void RegisterComponents()
        {
        }

        public override Tensor forward(Tensor tensor) => functional.layer_norm(tensor, normalized_shape, weight, bias, eps);
    }

    /// <summary>What the batch normalizations share.</summary>
    public abstract class BatchNorm : Module<Tensor, Tensor>
    {
        private readonly int[] ranks;

        private protected BatchNorm(
            string name, int[] ranks, long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(name)
        {
            this.ranks = ranks;
            (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
            if (affine)
            {
                weight = Parameter(ones(num_features, dtype, device));
                bias = Parameter(zeros(num_features, dtype, device));
                register_parameter("weight", weight);
                register_parameter("bias", bias);
            }
            if (!track_running_stats) return;
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            num_batches_tracked = tensor(0L, device: device);
            register_buffer("running_mean", running_mean);
            register_buffer("running_var", running_var);
            register_buffer("num_batches_tracked", num_batches_tracked);
        }

        public Parameter? weight { get; set; }

        public Parameter? bias { get; set; }

        public Tensor? running_mean { get; set; }

        public Tensor? running_var { get; set; }

        public Tensor? num_batches_tracked { get; set; }

        public long num_features { get; }

        public double eps { get; set; }

        public double? momentum { get; set; }

        public bool affine { get; }

        public bool track_running_stats { get; }

        protected override void RegisterComponents()
        {
        }

        public override Tensor forward(Tensor input)
        {
            if (!ranks.Contains((int)input.dim())) throw new System.ArgumentException($"{GetName()} takes a tensor of {string.Join(" or ", ranks)} dimensions, not {input.dim()}");
            if (training && num_batches_tracked is not null) num_batches_tracked.add_((Scalar)1).Dispose();
            return functional.batch_norm(input, running_mean, running_var, weight, bias, training || running_mean is null, momentum ?? 0.1, eps);
        }
    }

    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm1d), [2, 3], features, eps, momentum, affine, track, device, dtype)
        {
        }
    }

    public sealed class BatchNorm2d : BatchNorm
    {
        internal BatchNorm2d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm2d), [4], features, eps, momentum, affine, track, device, dtype)
        {
        }
    }

    public sealed class BatchNorm3d : BatchNorm
    {
        internal BatchNorm3d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm3d), [5], features, eps, momentum, affine, track, device, dtype)
        {
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1E-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1E-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static BatchNorm1d BatchNorm1d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm2d BatchNorm2d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm3d BatchNorm3d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
