using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Copies managed memory into a new tensor of `type`, then converts and moves it as asked.</summary>
    private static Tensor FromMemory<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<long> shape, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged
    {
        long count = 1;
        foreach (var length in shape) count *= length;
        if (count != values.Length) throw new ArgumentException($"{values.Length} values for a tensor of {count} elements");
        var result = empty(shape, type, CPU);
        unsafe
        {
            values.CopyTo(new Span<T>(result.DataPointer(), values.Length));
        }
        device ??= defaultDevice;
        if ((dtype ?? type) != type || device.type is not DeviceType.CPU) result = result.to(dtype ?? type, device, disposeAfter: true);
        return Finish(result, requires_grad);
    }

    private static Tensor FromArray<T>(Array array, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged => FromMemory(Flat<T>(array), Shape(array), type, dtype, device, requires_grad);

    private static ReadOnlySpan<T> Flat<T>(Array array) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static long[] Shape(Array array) => Enumerable.Range(0, array.Rank).Select(array.GetLongLength).ToArray();

    /// <summary>Copies an array of any rank, whose element type is found at run time, into a tensor of the given shape.</summary>
    internal static Tensor FromElements(Array array, ReadOnlySpan<long> shape, ScalarType? dtype, Device? device, bool requires_grad)
    {
        var element = array.GetType().GetElementType()!;
        return Type.GetTypeCode(element) switch
        {
            TypeCode.Boolean => FromMemory(Flat<bool>(array), shape, ScalarType.Bool, dtype, device, requires_grad),
            TypeCode.Byte => FromMemory(Flat<byte>(array), shape, ScalarType.Byte, dtype, device, requires_grad),
            TypeCode.SByte => FromMemory(Flat<sbyte>(array), shape, ScalarType.Int8, dtype, device, requires_grad),
            TypeCode.Int16 => FromMemory(Flat<short>(array), shape, ScalarType.Int16, dtype, device, requires_grad),
            TypeCode.Int32 => FromMemory(Flat<int>(array), shape, ScalarType.Int32, dtype, device, requires_grad),
            TypeCode.Int64 => FromMemory(Flat<long>(array), shape, ScalarType.Int64, dtype, device, requires_grad),
            TypeCode.Single => FromMemory(Flat<float>(array), shape, ScalarType.Float32, dtype, device, requires_grad),
            TypeCode.Double => FromMemory(Flat<double>(array), shape, ScalarType.Float64, dtype, device, requires_grad),
            _ when element == typeof(Half) => FromMemory(Flat<Half>(array), shape, ScalarType.Float16, dtype, device, requires_grad),
            _ when element == typeof(BFloat16) => FromMemory(Flat<BFloat16>(array), shape, ScalarType.BFloat16, dtype, device, requires_grad),
            _ when element == typeof((float, float)) => FromPairs(Flat<(float, float)>(array), shape, dtype, device, requires_grad),
            _ when element == typeof(System.Numerics.Complex) =>
                FromMemory(Flat<System.Numerics.Complex>(array), shape, ScalarType.ComplexFloat64, dtype, device, requires_grad),
            _ => throw new NotImplementedException($"a tensor of {element.Name}"),
        };
    }
}
