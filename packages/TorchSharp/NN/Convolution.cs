using System.Linq;
using TorchSharp.Dispatch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>What the convolutions share. Padding is symmetric zeros, or `Same`, or a mode applied before.</summary>
    public abstract class Convolution : Module<Tensor, Tensor>
    {
        private readonly string op;
        private readonly PaddingModes mode;
        private readonly long[] reversedPadding;

        private protected Convolution(
            string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type,
            long[] dilation, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
            : base(name)
        {
            if (in_channels % groups != 0 || out_channels % groups != 0)
            {
                throw new System.ArgumentException($"{in_channels} input and {out_channels} output channels do not divide into {groups} groups");
            }
            op = $"conv{kernel_size.Length}d";
            mode = padding_mode;
            (this.stride, this.padding, this.dilation, this.groups, this.padding_type) = (stride, padding, dilation, groups, padding_type);
            this.kernel_size = kernel_size;
            // In the order of functional.pad: the last dimension first, each length before and after.
            reversedPadding = Enumerable.Range(0, kernel_size.Length).Reverse().SelectMany(axis => Sides(axis)).ToArray();
            weight = Parameter(empty([out_channels, in_channels / groups, .. kernel_size], dtype, device));
            init.kaiming_uniform_(weight, System.Math.Sqrt(5));
            register_parameter("weight", weight);
            if (!bias) return;
            this.bias = UniformBias(out_channels, in_channels / groups * kernel_size.Aggregate(1L, (product, length) => product * length), device, dtype);
            register_parameter("bias", this.bias);
        }

        public Parameter weight { get; set; }

        public Parameter? bias { get; set; }

        public long[] kernel_size { get; }

        public long[] stride { get; }

        public long[] padding { get; }

        public Padding? padding_type { get; }

        public long[] dilation { get; }

        public long groups { get; }

        private long[] Sides(int axis)
        {
            if (padding_type is Padding.Same)
            {
                long total = dilation[axis] * (kernel_size[axis] - 1);
                return [total / 2, total - (total / 2)];
            }
            return padding_type is Padding.Valid ? [0, 0] : [padding[axis], padding[axis]];
        }

        protected override void RegisterComponents()
        {
        }

        public override Tensor forward(Tensor input)
        {
            bool symmetric = mode is PaddingModes.Zeros && padding_type is not Padding.Same;
            if (symmetric) return Dispatcher.Call(op, input, weight, bias, stride, padding_type is Padding.Valid ? new long[padding.Length] : padding, dilation, groups);
            using var padded = functional.pad(input, reversedPadding, mode is PaddingModes.Zeros ? PaddingModes.Constant : mode);
            return Dispatcher.Call(op, padded, weight, bias, stride, new long[stride.Length], dilation, groups);
        }
    }

    public sealed class Conv2d : Convolution
    {
        internal Conv2d(
            long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation,
            long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
            : base(nameof(Conv2d), in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, groups, bias, padding_mode, device, dtype)
        {
        }
    }

    public sealed class Conv3d : Convolution
    {
        internal Conv3d(
            long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation,
            long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
            : base(nameof(Conv3d), in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, groups, bias, padding_mode, device, dtype)
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
            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Two(kernel_size), Two(stride), Two(padding), null, Two(dilation), groups, bias, padding_mode, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Two(kernel_size), Two(stride ?? (1, 1)), Two(padding ?? (0, 0)), null, Two(dilation ?? (1, 1)), groups, bias, padding_mode, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Two(kernel_size), Two(stride), Two(0), padding, Two(dilation), groups, bias, padding_mode, device, dtype);

            public static Conv3d Conv3d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Three(kernel_size), Three(stride), Three(padding), null, Three(dilation), groups, bias, padding_mode, device, dtype);

            public static Conv3d Conv3d(long in_channels, long out_channels, (long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Three(kernel_size), Three(stride ?? (1, 1, 1)), Three(padding ?? (0, 0, 0)), null, Three(dilation ?? (1, 1, 1)), groups, bias, padding_mode, device, dtype);

            public static Conv3d Conv3d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Three(kernel_size), Three(stride), Three(0), padding, Three(dilation), groups, bias, padding_mode, device, dtype);

            private static long[] Two(long length) => [length, length];

            private static long[] Two((long, long) lengths) => [lengths.Item1, lengths.Item2];

            private static long[] Three(long length) => [length, length, length];

            private static long[] Three((long, long, long) lengths) => [lengths.Item1, lengths.Item2, lengths.Item3];
        }
    }
}
