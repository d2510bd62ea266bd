using System.Collections.Generic;
using System.Linq;
using TorchSharp.Dispatch;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class utils
        {
            /// <summary>Scales all gradients together so that their norm is at most `max_norm`; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                var grads = tensors.Select(tensor => tensor.grad!).Where(grad => grad is not null).ToArray();
                if (grads.Length == 0) return 0;
                var norms = stack(Dispatcher.CallList("_foreach_norm.Scalar", grads, norm_type));
                double total = norms.norm((float)norm_type).item<float>();
                double factor = max_norm / (total + 1e-6);
                if (factor < 1) Dispatcher.CallVoid("_foreach_mul_.Scalar", grads, factor);
                return total;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                foreach (var tensor in tensors) tensor.grad?.clamp_((Scalar)(-clip_value), (Scalar)clip_value);
            }

            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return scope.MoveToOuter(cat(tensors.Select(tensor => tensor.view(-1)).ToArray()));
            }

            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                long offset = 0;
                foreach (var tensor in tensors)
                {
                    tensor.copy_(vec.narrow(0, offset, tensor.numel()).view_as(tensor));
                    offset += tensor.numel();
                }
            }
        }
    }
}
