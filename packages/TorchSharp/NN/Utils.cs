using System;
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
            /// <summary>
            /// Scales all gradients together so that their norm, as of one vector, is at most `max_norm`; returns the norm before.
            /// </summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                var grads = Grads(tensors);
                if (grads.Length == 0) return 0;
                double total = Norm(Norms(grads, norm_type), norm_type).item<double>();
                double factor = max_norm / (total + 1e-6);
                if (factor < 1) Scale(grads, factor);
                return total;
            }

            // The norm of the norms; in double precision where a gradient is.
            private static Tensor Norm(Tensor[] norms, double norm_type)
            {
                var place = norms[0].device;
                return Dispatcher.Call("linalg_vector_norm", stack([.. norms.Select(norm => norm.to(place))]), norm_type);
            }

            private static Tensor[] Norms(Tensor[] grads, double norm_type) => Dispatcher.Has("_foreach_norm.Scalar")
                ? Dispatcher.CallList("_foreach_norm.Scalar", grads, norm_type)
                : [.. grads.Select(grad => Dispatcher.Call("linalg_vector_norm", grad, norm_type))];

            private static void Scale(Tensor[] grads, double factor)
            {
                if (Dispatcher.Has("_foreach_mul_.Scalar")) Dispatcher.CallVoid("_foreach_mul_.Scalar", grads, factor);
                else foreach (var grad in grads) grad.mul_((Scalar)factor);
            }

            /// <summary>Clamps each element of each gradient to ±`clip_value`.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                foreach (var grad in Grads(tensors)) grad.clamp_((Scalar)(-clip_value), (Scalar)clip_value);
            }

            private static Tensor[] Grads(IEnumerable<Parameter> tensors) => [.. tensors.Select(tensor => tensor.grad!).Where(grad => grad is not null)];

            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return scope.MoveToOuter(cat([.. tensors.Select(tensor => tensor.reshape(-1))]));
            }

            /// <summary>Writes slices of the vector into the parameters.</summary>
            /// <exception cref="ArgumentException">The vector has another length than the parameters together.</exception>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                Parameter[] targets = [.. tensors];
                long total = targets.Sum(target => target.numel());
                if (vec.numel() != total) throw new ArgumentException($"a vector of {vec.numel()} for parameters of {total}");
                long offset = 0;
                foreach (var target in targets)
                {
                    target.copy_(vec.narrow(0, offset, target.numel()).view(target.shape));
                    offset += target.numel();
                }
            }
        }
    }
}
