using TorchSharp.Dispatch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>A long short-term memory over sequences (L, B, H_in), or (B, L, H_in) where batch first.</summary>
    public sealed class LSTM : Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
    {
        private readonly RecurrentShape shape;
        private readonly Tensor[] weights;

        internal LSTM(RecurrentShape shape, Device? device, ScalarType? dtype)
            : base(nameof(LSTM))
        {
            this.shape = shape;
            foreach (var (key, parameter) in shape.Weights(4, device, dtype)) register_parameter(key, parameter);
            weights = [.. parameters()];
        }

        /// <summary>The outputs of the last layer at each place, and the last hidden and cell states, each (layers · directions, B, H).</summary>
        public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
        {
            using var scope = NewDisposeScope();
            var (h0, c0) = h0_c0 ?? (shape.Zeros(input), shape.Zeros(input));
            var (output, hidden, cell) = Dispatcher.Call3("lstm.input", input, new[] { h0, c0 }, weights, shape.Bias, shape.Layers, shape.Dropout, training, shape.Bidirectional, shape.BatchFirst);
            return scope.MoveToOuter(output, hidden, cell);
        }

        public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

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
            public static LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(new RecurrentShape(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), device, dtype);
        }
    }
}
