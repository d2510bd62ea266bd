using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

public static partial class TensorExtensionMethods
{
    public static ReadOnlySpan<int> IntShape(this Tensor tensor) => Array.ConvertAll(tensor.shape, length => checked((int)length));

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, length) => product * length);

    /// <summary>Bytes an element of the type takes.</summary>
    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool or ScalarType.QInt8 or ScalarType.QUInt8 => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 or ScalarType.QInt32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new NotImplementedException($"element size of {type}"),
    };

    /// <summary>Copies the array, whatever `doCopy` says.</summary>
    public static Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false) =>
        FromElements(rawArray, dimensions, null, null, requires_grad);

    /// <exception cref="ArgumentException">A gradient is asked for, but the type is not a floating point type.</exception>
    public static Tensor ToTensor<T>(this T scalar, Device? device = null, bool requires_grad = false)
        where T : struct
    {
        if (requires_grad && typeof(T) != typeof(float) && typeof(T) != typeof(double) && typeof(T) != typeof(BFloat16))
        {
            throw new ArgumentException($"a {typeof(T).Name} has no gradient", nameof(requires_grad));
        }
        return FromElements(new[] { scalar }, [], null, device, requires_grad);
    }

    public static bool ToBoolean(this Tensor value) => value.item<bool>();

    public static byte ToByte(this Tensor value) => value.item<byte>();

    public static sbyte ToSByte(this Tensor value) => value.item<sbyte>();

    public static short ToInt16(this Tensor value) => value.item<short>();

    public static int ToInt32(this Tensor value) => value.item<int>();

    public static long ToInt64(this Tensor value) => value.item<long>();

    public static Half ToHalf(this Tensor value) => value.item<Half>();

    public static BFloat16 ToBFloat16(this Tensor value) => (BFloat16)value.item<float>();

    public static float ToSingle(this Tensor value) => value.item<float>();

    public static double ToDouble(this Tensor value) => value.item<double>();

    public static (float Real, float Imaginary) ToComplexFloat32(this Tensor value)
    {
        var wide = value.ToComplexFloat64();
        return ((float)wide.Real, (float)wide.Imaginary);
    }

    public static (float Real, float Imaginary) ToComplex32(this Tensor value) => value.ToComplexFloat32();

    public static Complex ToComplexFloat64(this Tensor value)
    {
        using var wide = value.to(ScalarType.ComplexFloat64, CPU);
        using var parts = RealAndImaginary(wide);
        using var pair = parts.reshape(2);
        var numbers = pair.data<double>();
        return new Complex(numbers[0], numbers[1]);
    }

    public static Complex ToComplex64(this Tensor value) => value.ToComplexFloat64();
}
