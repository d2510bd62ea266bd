using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public sealed class MaxPool2d : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long[] kernel_size;
        private readonly long[]? stride;
        private readonly long[]? padding;
        private readonly long[]? dilation;
        private readonly bool ceil;

        internal MaxPool2d(long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceil)
            : base(nameof(MaxPool2d)) => (this.kernel_size, this.stride, this.padding, this.dilation, this.ceil) = (kernel_size, stride, padding, dilation, ceil);

        public override Tensor forward(Tensor input) => functional.max_pool2d(input, kernel_size, stride, padding, dilation, ceil);
    }

    public sealed class MaxPool3d : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long[] kernel_size;
        private readonly long[]? stride;
        private readonly long[]? padding;
        private readonly long[]? dilation;
        private readonly bool ceil;

        internal MaxPool3d(long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceil)
            : base(nameof(MaxPool3d)) => (this.kernel_size, this.stride, this.padding, this.dilation, this.ceil) = (kernel_size, stride, padding, dilation, ceil);

        public override Tensor forward(Tensor input) => functional.max_pool3d(input, kernel_size, stride, padding, dilation, ceil);
    }

    public sealed class AvgPool2d : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long[] kernel_size;
        private readonly long[]? stride;
        private readonly long[]? padding;
        private readonly bool ceil;
        private readonly bool countPad;
        private readonly long? divisor;

        internal AvgPool2d(long[] kernel_size, long[]? stride, long[]? padding, bool ceil, bool countPad, long? divisor)
            : base(nameof(AvgPool2d)) => (this.kernel_size, this.stride, this.padding, this.ceil, this.countPad, this.divisor) = (kernel_size, stride, padding, ceil, countPad, divisor);

        public override Tensor forward(Tensor input) => functional.avg_pool2d(input, kernel_size, stride, padding, ceil, countPad, divisor);
    }

    public sealed class AvgPool3d : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long[] kernel_size;
        private readonly long[]? stride;
        private readonly long[]? padding;
        private readonly bool ceil;
        private readonly bool countPad;
        private readonly long? divisor;

        internal AvgPool3d(long[] kernel_size, long[]? stride, long[]? padding, bool ceil, bool countPad, long? divisor)
            : base(nameof(AvgPool3d)) => (this.kernel_size, this.stride, this.padding, this.ceil, this.countPad, this.divisor) = (kernel_size, stride, padding, ceil, countPad, divisor);

        public override Tensor forward(Tensor input) => functional.avg_pool3d(input, kernel_size, stride, padding, ceil, countPad, divisor);
    }

    public sealed class AdaptiveAvgPool1d : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long[] output_size;

        internal AdaptiveAvgPool1d(long[] output_size)
            : base(nameof(AdaptiveAvgPool1d)) => this.output_size = output_size;

        public override Tensor forward(Tensor input) => functional.adaptive_avg_pool1d(input, output_size[0]);
    }

    public sealed class AdaptiveAvgPool2d : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long[] output_size;

        internal AdaptiveAvgPool2d(long[] output_size)
            : base(nameof(AdaptiveAvgPool2d)) => this.output_size = output_size;

        public override Tensor forward(Tensor input) => functional.adaptive_avg_pool2d(input, output_size);
    }

    public sealed class AdaptiveAvgPool3d : ParameterLessModule<Tensor, Tensor>
    {
        private readonly long[] output_size;

        internal AdaptiveAvgPool3d(long[] output_size)
            : base(nameof(AdaptiveAvgPool3d)) => this.output_size = output_size;

        public override Tensor forward(Tensor input) => functional.adaptive_avg_pool3d(input, output_size);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static MaxPool2d MaxPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                new(kernel_size, stride, padding, dilation, ceil_mode);

            public static AvgPool2d AvgPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new(kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] output_size) => new(output_size);

            public static MaxPool2d MaxPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                new(Two(kernel_size), stride is { } strideGiven ? Two(strideGiven) : null, padding is { } paddingGiven ? Two(paddingGiven) : null, dilation is { } dilationGiven ? Two(dilationGiven) : null, ceil_mode);

            public static AvgPool2d AvgPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new(Two(kernel_size), stride is { } strideGiven ? Two(strideGiven) : null, padding is { } paddingGiven ? Two(paddingGiven) : null, ceil_mode, count_include_pad, divisor_override);

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) output_size) => new(Two(output_size));

            public static MaxPool2d MaxPool2d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                new(Two(kernel_size), stride is { } strideGiven ? Two(strideGiven) : null, padding is { } paddingGiven ? Two(paddingGiven) : null, dilation is { } dilationGiven ? Two(dilationGiven) : null, ceil_mode);

            public static AvgPool2d AvgPool2d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new(Two(kernel_size), stride is { } strideGiven ? Two(strideGiven) : null, padding is { } paddingGiven ? Two(paddingGiven) : null, ceil_mode, count_include_pad, divisor_override);

            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long output_size) => new(Two(output_size));

            public static MaxPool3d MaxPool3d(long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                new(kernel_size, stride, padding, dilation, ceil_mode);

            public static AvgPool3d AvgPool3d(long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new(kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

            public static AdaptiveAvgPool3d AdaptiveAvgPool3d(long[] output_size) => new(output_size);

            public static MaxPool3d MaxPool3d((long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? dilation = null, bool ceil_mode = false) =>
                new(Three(kernel_size), stride is { } strideGiven ? Three(strideGiven) : null, padding is { } paddingGiven ? Three(paddingGiven) : null, dilation is { } dilationGiven ? Three(dilationGiven) : null, ceil_mode);

            public static AvgPool3d AvgPool3d((long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new(Three(kernel_size), stride is { } strideGiven ? Three(strideGiven) : null, padding is { } paddingGiven ? Three(paddingGiven) : null, ceil_mode, count_include_pad, divisor_override);

            public static AdaptiveAvgPool3d AdaptiveAvgPool3d((long, long, long) output_size) => new(Three(output_size));

            public static MaxPool3d MaxPool3d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                new(Three(kernel_size), stride is { } strideGiven ? Three(strideGiven) : null, padding is { } paddingGiven ? Three(paddingGiven) : null, dilation is { } dilationGiven ? Three(dilationGiven) : null, ceil_mode);

            public static AvgPool3d AvgPool3d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new(Three(kernel_size), stride is { } strideGiven ? Three(strideGiven) : null, padding is { } paddingGiven ? Three(paddingGiven) : null, ceil_mode, count_include_pad, divisor_override);

            public static AdaptiveAvgPool3d AdaptiveAvgPool3d(long output_size) => new(Three(output_size));

            public static AdaptiveAvgPool1d AdaptiveAvgPool1d(long output_size) => new([output_size]);
        }
    }
}
