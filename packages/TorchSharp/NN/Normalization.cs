using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Brings the last dimensions of each sample to mean 0 and variance 1, then scales and shifts them.</summary>
    public sealed class LayerNorm : Module<Tensor, Tensor>
    {
        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(LayerNorm))
        {
            (this.normalized_shape, this.eps, this.elementwise_affine) = (normalized_shape, eps, elementwise_affine);
            weight = elementwise_affine ? Parameter(ones(normalized_shape, dtype, device)) : null!;
            this.bias = elementwise_affine && bias ? Parameter(zeros(normalized_shape, dtype, device)) : null;
        }

        /// <summary>Null without elementwise_affine.</summary>
        public Parameter weight { get; set => field = Own("weight", field, value)!; }

        public Parameter? bias { get; set => field = Own("bias", field, value); }

        public bool elementwise_affine { get; set; }

        public double eps { get; set; }

        public long[] normalized_shape { get; set; }

        public void reset_parameters()
        {
            if (weight is not null) init.ones_(weight);
            if (bias is not null) init.zeros_(bias);
        }

        protected override void RegisterComponents()
        {
        }

        public override Tensor forward(Tensor tensor) => functional.layer_norm(tensor, normalized_shape, weight, bias, eps);
    }

    /// <summary>Brings groups of channels of each sample to mean 0 and variance 1, then scales and shifts each channel.</summary>
    public sealed class GroupNorm : Module<Tensor, Tensor>
    {
        internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype)
            : base(nameof(GroupNorm))
        {
            if (num_channels % num_groups != 0) throw new System.ArgumentException($"{num_channels} channels do not divide into {num_groups} groups");
            (this.num_groups, this.eps, this.affine) = (num_groups, eps, affine);
            weight = affine ? Parameter(ones(num_channels, dtype, device)) : null!;
            bias = affine ? Parameter(zeros(num_channels, dtype, device)) : null;
        }

        /// <summary>Null without affine.</summary>
        public Parameter weight { get; set => field = Own("weight", field, value)!; }

        public Parameter? bias { get; set => field = Own("bias", field, value); }

        public long num_groups { get; set; }

        public double eps { get; set; }

        public bool affine { get; set; }

        protected override void RegisterComponents()
        {
        }

        public override Tensor forward(Tensor tensor) => functional.group_norm(tensor, num_groups, weight, bias, eps);
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

            public static GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1E-05, bool affine = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);
        }
    }
}
