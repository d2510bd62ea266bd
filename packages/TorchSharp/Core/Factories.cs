using System;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    private static ScalarType defaultType = ScalarType.Float32;

    public static ScalarType get_default_dtype() => defaultType;

    public static void set_default_dtype(ScalarType dtype) =>
        defaultType = is_floating_point(dtype) ? dtype : throw new ArgumentException($"the default dtype must be a floating point type, not {dtype}");

    // Factory schemas end in (dtype, layout, device, pin_memory).
    private static Tensor Create(string op, ReadOnlySpan<long> size, ScalarType? dtype, Device? device, bool requires_grad) =>
        Finish(Dispatcher.Call(op, size, dtype ?? defaultType, Arg.None, device ?? defaultDevice, Arg.None), requires_grad);

    private static Tensor Finish(Tensor tensor, bool requires_grad) => requires_grad ? tensor.requires_grad_() : tensor;

    public static Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Create("empty.memory_format", size, dtype, device, requires_grad);

    public static Tensor zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Create("zeros", size, dtype, device, requires_grad);

    public static Tensor ones(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Create("ones", size, dtype, device, requires_grad);

    public static Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        generator is null
            ? Create("rand", size, dtype, device, requires_grad)
            : Finish(Dispatcher.Call("rand.generator", size, generator, dtype ?? defaultType, Arg.None, device ?? defaultDevice, Arg.None), requires_grad);

    public static Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        generator is null
            ? Create("randn", size, dtype, device, requires_grad)
            : Finish(Dispatcher.Call("randn.generator", size, generator, dtype ?? defaultType, Arg.None, device ?? defaultDevice, Arg.None), requires_grad);

    public static Tensor full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Finish(Dispatcher.Call("full", size, value, dtype ?? value.DefaultType, Arg.None, device ?? defaultDevice, Arg.None), requires_grad);

    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full((ReadOnlySpan<long>)size, value, dtype, device, requires_grad, names);
}
