using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>x Wᵀ + b over the last dimension.</summary>
    public sealed class Linear : Module<Tensor, Tensor>
    {
        internal Linear(Parameter weight, Parameter? bias)
            : base(nameof(Linear))
        {
            (this.weight, this.bias) = (weight, bias);
            (out_features, in_features) = (weight.shape[0], weight.shape[1]);
        }

        public Parameter weight { get; set => field = Own("weight", field, value)!; }

        public Parameter? bias { get; set => field = Own("bias", field, value); }

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
                var bias = hasBias ? Parameter(empty(outputSize, dtype, device)) : null;
                ResetWeightAndBias(weight, bias);
                return new Linear(weight, bias);
            }

            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);

            // PyTorch's default for linear layers and convolutions: both uniform in ±1/√(fan in), the weight drawn first.
            internal static void ResetWeightAndBias(Parameter weight, Parameter? bias)
            {
                init.kaiming_uniform_(weight, System.Math.Sqrt(5));
                if (bias is null) return;
                var (fanIn, _) = init.CalculateFanInAndFanOut(weight);
                double bound = fanIn > 0 ? 1 / System.Math.Sqrt(fanIn) : 0;
                init.uniform_(bias, -bound, bound);
            }
        }
    }
}
