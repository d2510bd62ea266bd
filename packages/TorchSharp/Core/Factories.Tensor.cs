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
        where T : unmanaged
    {
        var flat = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
        var shape = Enumerable.Range(0, array.Rank).Select(array.GetLongLength).ToArray();
        return FromMemory(flat, shape, type, dtype, device, requires_grad);
    }
}
