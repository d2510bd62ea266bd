using System;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initialisation in place, outside autograd.</summary>
        public static class init
        {
            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D,
                Conv2D,
                Conv3D,
                ConvTranspose1D,
                ConvTranspose2D,
                ConvTranspose3D,
                Sigmoid,
                Tanh,
                ReLU,
                LeakyReLU,
            }

            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            private static Tensor Fill(Tensor tensor, Func<Tensor, Tensor> fill)
            {
                using var _ = no_grad();
                fill(tensor).Dispose();
                return tensor;
            }

            public static Tensor zeros_(Tensor tensor) => Fill(tensor, target => target.zero_());

            public static Tensor ones_(Tensor tensor) => Fill(tensor, target => target.fill_(1));

            public static Tensor constant_(Tensor tensor, Scalar val) => Fill(tensor, target => target.fill_(val));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                Fill(tensor, target => target.normal_(mean, std, generator));

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                Fill(tensor, target => target.uniform_(low, high, generator));

            /// <summary>Normal values within [a, b]: uniform between the limits' probabilities, through the inverse distribution function.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null)
            {
                double low = Distribution((a - mean) / std), high = Distribution((b - mean) / std);
                using var _ = no_grad();
                tensor.uniform_((2 * low) - 1, (2 * high) - 1, generator).Dispose();
                tensor.erfinv_().Dispose();
                tensor.mul_((Scalar)(std * Math.Sqrt(2))).Dispose();
                tensor.add_((Scalar)mean).Dispose();
                tensor.clamp_((Scalar)a, (Scalar)b).Dispose();
                return tensor;
            }

            // Of the standard normal distribution.
            private static double Distribution(double x)
            {
                using Tensor point = torch.tensor(x / Math.Sqrt(2));
                using var value = point.erf();
                return (1 + value.item<double>()) / 2;
            }

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2) throw new ArgumentException($"fan in and out need at least 2 dimensions, not {shape.Length}");
                long field = 1;
                foreach (var length in shape.AsSpan(2)) field *= length;
                return (shape[1] * field, shape[0] * field);
            }

            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + (param * param))),
                _ => 1,
            };

            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                double bound = Math.Sqrt(3) * KaimingStd(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingStd(tensor, a, mode, nonlinearity));

            private static double KaimingStd(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode is FanInOut.FanIn ? fanIn : fanOut);
            }

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                double bound = Math.Sqrt(3) * XavierStd(tensor, gain);
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor xavier_normal_(Tensor tensor, double gain = 1) => normal_(tensor, 0, XavierStd(tensor, gain));

            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1) => xavier_uniform_(tensor, gain);

            public static Tensor glorot_normal_(Tensor tensor, double gain = 1) => xavier_normal_(tensor, gain);

            private static double XavierStd(Tensor tensor, double gain)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
            }

            /// <summary>Ones on the diagonal of a matrix, zeros elsewhere.</summary>
            public static Tensor eye_(Tensor tensor)
            {
                if (tensor.dim() != 2) throw new ArgumentException($"eye_ fills a matrix, not {tensor.dim()} dimensions");
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                tensor.zero_();
                Dispatcher.Call("diagonal", tensor).fill_(1);
                return tensor;
            }

            /// <summary>Orthonormal rows, or columns where there are more rows than columns, times `gain`; the dimensions after the first count as one.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1)
            {
                if (tensor.dim() < 2) throw new ArgumentException($"orthogonal_ needs at least 2 dimensions, not {tensor.dim()}");
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                long rows = tensor.shape[0], columns = tensor.numel() / rows;
                var drawn = empty(rows, columns, tensor.dtype, tensor.device).normal_();
                var (q, r) = Dispatcher.Call2("linalg_qr", rows < columns ? drawn.t() : drawn);
                // The signs make the result uniform over the orthogonal matrices (arXiv math-ph/0609050).
                q = q * Dispatcher.Call("diagonal", r).sign();
                if (rows < columns) q = q.t();
                tensor.copy_(q.reshape(tensor.shape).mul((Scalar)gain));
                return tensor;
            }
        }
    }
}
