using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public sealed class Linear : Module<Tensor, Tensor>
    {
        internal Linear(Parameter weight, Parameter? bias)
            : base(nameof(Linear))
        {
            (this.weight, this.bias) = (weight, bias);
            (out_features, in_features) = (weight.shape[0], weight.shape[1]);
            register_parameter("weight", weight);
            if (bias is not null) register_parameter("bias", bias);
        }

        public Parameter weight { get; set; }

        public Parameter? bias { get; set; }

        public long in_features { get; set; }

        public long out_features { get; set; }

        protected override void RegisterComponents()
        {
        }

        public override Tensor forward(Tensor tensor) => functional.linear(tensor, weight, bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
            {
                var weight = Parameter(empty(outputSize, inputSize, dtype, device));
                init.kaiming_uniform_(weight, System.Math.Sqrt(5));
                return new Linear(weight, hasBias ? UniformBias(outputSize, inputSize, device, dtype) : null);
            }

            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);

            // PyTorch's default: uniform in ±1/sqrt(fan in).
            internal static Parameter UniformBias(long size, long fanIn, Device? device, ScalarType? dtype)
            {
                var bias = Parameter(empty(size, dtype, device));
                double bound = fanIn > 0 ? 1 / System.Math.Sqrt(fanIn) : 0;
                init.uniform_(bias, -bound, bound);
                return bias;
            }
        }
    }
}
