using System;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>What the normalizations over a batch share: running statistics as buffers, a scale and a shift for each channel.</summary>
    public abstract class NormBase : Module<Tensor, Tensor>
    {
        private protected NormBase(
            long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
            : base(name)
        {
            (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
            weight = affine ? Parameter(ones(num_features, dtype, device)) : null!;
            bias = affine ? Parameter(zeros(num_features, dtype, device)) : null;
            if (!track_running_stats) return;
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            num_batches_tracked = tensor(0L, device: device);
        }

        /// <summary>Null without affine.</summary>
        public Parameter weight { get; set => field = Own("weight", field, value)!; }

        public Parameter? bias { get; set => field = Own("bias", field, value); }

        public Tensor? running_mean { get; set => field = OwnBuffer("running_mean", field, value); }

        public Tensor? running_var { get; set => field = OwnBuffer("running_var", field, value); }

        public Tensor? num_batches_tracked { get; set => field = OwnBuffer("num_batches_tracked", field, value); }

        public long num_features { get; }

        public double eps { get; set; }

        /// <summary>The share of a new batch in the running statistics; null weighs all batches alike.</summary>
        public double? momentum { get; set; }

        public bool affine { get; }

        public bool track_running_stats { get; }

        public void reset_running_stats()
        {
            if (running_mean is not null) init.zeros_(running_mean);
            if (running_var is not null) init.ones_(running_var);
            if (num_batches_tracked is not null) init.zeros_(num_batches_tracked);
        }

        public void reset_parameters()
        {
            reset_running_stats();
            if (weight is not null) init.ones_(weight);
            if (bias is not null) init.zeros_(bias);
        }

        protected abstract void ValidateInputDimensions(Tensor input);

        protected override void RegisterComponents()
        {
        }
    }

    /// <summary>
    /// Normalizes each channel over the batch in training, by the running statistics otherwise; without running statistics
    /// always over the batch.
    /// </summary>
    public abstract class BatchNorm : NormBase
    {
        private protected BatchNorm(
            long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
        {
        }

        public override Tensor forward(Tensor input)
        {
            ValidateInputDimensions(input);
            double share = momentum ?? 0;
            if (training && num_batches_tracked is not null)
            {
                num_batches_tracked.add_((Scalar)1).Dispose();
                share = momentum ?? 1 / (double)num_batches_tracked.item<long>();
            }
            bool overBatch = training || (running_mean is null && running_var is null);
            return functional.batch_norm(input, running_mean, running_var, weight, bias, overBatch, share, eps);
        }

        private protected void Require(Tensor input, params ReadOnlySpan<long> ranks)
        {
            if (ranks.Contains(input.dim())) return;
            throw new ArgumentException($"{GetName()} takes a tensor of {string.Join(" or ", ranks.ToArray())} dimensions, not {input.dim()}");
        }
    }

    /// <summary>For (N, C) or (N, C, L).</summary>
    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
        {
        }

        protected override void ValidateInputDimensions(Tensor input) => Require(input, 2, 3);
    }

    /// <summary>For (N, C, H, W).</summary>
    public sealed class BatchNorm2d : BatchNorm
    {
        internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm2d))
        {
        }

        protected override void ValidateInputDimensions(Tensor input) => Require(input, 4);
    }

    /// <summary>For (N, C, D, H, W).</summary>
    public sealed class BatchNorm3d : BatchNorm
    {
        internal BatchNorm3d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm3d))
        {
        }

        protected override void ValidateInputDimensions(Tensor input) => Require(input, 5);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm2d BatchNorm2d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm3d BatchNorm3d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
