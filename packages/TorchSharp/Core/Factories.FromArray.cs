using System;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device ?? CPU);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromElements(rawArray, Shape(rawArray), dtype, device, requires_grad);

    /// <summary>
    /// A one-dimensional tensor of `count` elements of the array, from the element `offset` on. It holds a copy: where the original
    /// shares the array's memory, a change to one does not show in the other here.
    /// </summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        long length = rawArray.LongLength;
        if (offset < 0 || offset >= length) throw new ArgumentException($"offset {offset} of {length} elements");
        if (count < 0) count = length - offset;
        if (count > length - offset) throw new IndexOutOfRangeException($"{count} elements from {offset} on, of {length}");
        using var all = FromElements(rawArray, [length], dtype, CPU, false);
        using var part = all.narrow(0, offset, count);
        return Finish(part.clone(), requires_grad);
    }
}
