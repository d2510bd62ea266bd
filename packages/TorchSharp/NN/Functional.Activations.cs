using TorchSharp.Dispatch;
using TorchSharp.Modules;

namespace TorchSharp;

// Activations.
public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            // An operator whose name with an underscore works in place.
            private static Tensor Apply(string op, bool inplace, Tensor x) => Dispatcher.Call(inplace ? op + "_" : op, x);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            public static Tensor relu6(Tensor x, bool inplace = false) => Apply("relu6", inplace, x);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                Dispatcher.Call(inplace ? "leaky_relu_" : "leaky_relu", input, negative_slope);

            public static Tensor gelu(Tensor x) => gelu(x, false);

            public static Tensor gelu(Tensor x, bool inplace) => Apply("gelu", inplace, x);

            public static Tensor gelu(Tensor x, GELU.Approximate approximate, bool inplace = false) =>
                Dispatcher.Call(inplace ? "gelu_" : "gelu", x, approximate.ToString());

            public static Tensor silu(Tensor x, bool inplace = false) => Apply("silu", inplace, x);

            public static Tensor hardswish(Tensor input, bool inplace = false) => Apply("hardswish", inplace, input);

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor sigmoid(Tensor x, bool inplace) => Apply("sigmoid", inplace, x);

            public static Tensor tanh(Tensor x, bool inplace = false) => Apply("tanh", inplace, x);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);
        }
    }
}
