using TorchSharp.Dispatch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>A gated recurrent network over sequences (L, B, H_in), or (B, L, H_in) where batch first.</summary>
    public sealed class GRU : Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly RecurrentShape shape;
        private readonly Tensor[] weights;

        internal GRU(RecurrentShape shape, Device? device, ScalarType? dtype)
            : base(nameof(GRU))
        {
            this.shape = shape;
            foreach (var (key, parameter) in shape.Weights(3, device, dtype)) register_parameter(key, parameter);
            weights = [.. parameters()];
        }

        /// <summary>The outputs of the last layer at each place, and the last hidden states, each (layers · directions, B, H).</summary>
        public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null)
        {
            using var scope = NewDisposeScope();
            var (output, hidden) = Dispatcher.Call2("gru.input", input, h0 ?? shape.Zeros(input), weights, shape.Bias, shape.Layers, shape.Dropout, training, shape.Bidirectional, shape.BatchFirst);
            return scope.MoveToOuter(output, hidden);
        }

        public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

        protected override void RegisterComponents()
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
            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(new RecurrentShape(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), device, dtype);
        }
    }
}
