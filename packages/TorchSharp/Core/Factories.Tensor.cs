using System;
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

    private static ReadOnlySpan<T> Flat<T>(Array array) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    public static Tensor tensor(bool scalar, Device? device = null, bool requires_grad = false) =>
        FromMemory([scalar], [], ScalarType.Bool, null, device, requires_grad);

    public static Tensor tensor(float[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromMemory(Flat<float>(rawArray), [rawArray.GetLength(0), rawArray.GetLength(1)], ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromMemory<float>(rawArray, [rawArray.Length], ScalarType.Float32, dtype, device, requires_grad);
}
