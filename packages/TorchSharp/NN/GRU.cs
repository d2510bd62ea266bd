using System.Linq;
using TorchSharp.Dispatch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>A gated recurrent network over sequences (L, B, H_in), or (B, L, H_in) where batch first.</summary>
    public sealed class GRU : Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly long hidden;
        private readonly long layers;
        private readonly long directions;
        private readonly bool hasBias;
        private readonly bool batchFirst;
        private readonly double dropout;
        private readonly Tensor[] weights;

        internal GRU(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype)
            : base(nameof(GRU))
        {
            (hidden, layers, directions, hasBias, this.batchFirst, this.dropout) = (hiddenSize, numLayers, bidirectional ? 2 : 1, bias, batchFirst, dropout);
            double bound = 1 / System.Math.Sqrt(hiddenSize);
            for (long layer = 0; layer < layers; layer++)
            {
                for (long direction = 0; direction < directions; direction++)
                {
                    var suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
                    Add("weight_ih" + suffix, [3 * hidden, layer == 0 ? inputSize : hidden * directions]);
                    Add("weight_hh" + suffix, [3 * hidden, hidden]);
                    if (!bias) continue;
                    Add("bias_ih" + suffix, [3 * hidden]);
                    Add("bias_hh" + suffix, [3 * hidden]);
                }
            }
            weights = [.. named_parameters().Select(entry => entry.parameter)];

            void Add(string name, long[] shape)
            {
                var parameter = Parameter(empty(shape, dtype, device));
                init.uniform_(parameter, -bound, bound);
                register_parameter(name, parameter);
            }
        }

        protected override void RegisterComponents()
        {
        }

        /// <summary>The outputs of the last layer at each place, and the last hidden state of each layer (layers · directions, B, H).</summary>
        public override (Tensor, Tensor) forward(Tensor input1, Tensor? input2 = null)
        {
            using var scope = NewDisposeScope();
            long batch = input1.shape[batchFirst ? 0 : 1];
            var start = input2 ?? zeros(layers * directions, batch, hidden, input1.dtype, input1.device);
            var (output, last) = Dispatcher.Call2("gru.input", input1, start, weights, hasBias, layers, dropout, training, directions == 2, batchFirst);
            return scope.MoveToOuter(output, last);
        }

        public new (Tensor, Tensor) call(Tensor input1, Tensor? input2 = null) => base.call(input1, input2);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }
    }
}
