using System;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>What a floating point type can represent.</summary>
    public struct FInfo
    {
        public int bits;
        public double eps;
        public double max;
        public double min;
        public double tiny;
        public double smallest_normal;
        public double resolution;
    }

    public static FInfo finfo() => finfo(get_default_dtype());

    /// <exception cref="ArgumentException">The type is not a floating point type.</exception>
    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.BFloat16 => Describe(16, mantissa: 7, exponent: 127, resolution: 1e-2),
        ScalarType.Float16 => Describe(16, mantissa: 10, exponent: 15, resolution: 1e-3),
        ScalarType.Float32 or ScalarType.ComplexFloat32 => Describe(32, mantissa: 23, exponent: 127, resolution: 1e-6),
        ScalarType.Float64 or ScalarType.ComplexFloat64 => Describe(64, mantissa: 52, exponent: 1023, resolution: 1e-15),
        _ => throw new ArgumentException($"finfo of {dtype}, which is not a floating point type"),
    };

    private static FInfo Describe(int bits, int mantissa, int exponent, double resolution)
    {
        double eps = Math.ScaleB(1, -mantissa);
        double max = Math.ScaleB(2 - eps, exponent);
        double tiny = Math.ScaleB(1, 1 - exponent);
        return new FInfo { bits = bits, eps = eps, max = max, min = -max, tiny = tiny, smallest_normal = tiny, resolution = resolution };
    }

    public static ScalarType promote_types(ScalarType type1, ScalarType type2) => (ScalarType)Dispatcher.CallInt("promote_types", type1, type2);

    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => (ScalarType)Dispatcher.CallInt("result_type.Tensor", tensor1, tensor2);

    public static bool can_cast(ScalarType from, ScalarType to) => Dispatcher.CallBool("can_cast", from, to);

    public static bool is_tensor(object obj) => obj is Tensor;
}
