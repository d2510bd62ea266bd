using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Dispatch;

/// <summary>
/// The one path by which every ATen operator is called: an operator is named as in its schema without the namespace,
/// "relu" or "add.Tensor"; trailing arguments that are not given take the schema's defaults.
/// </summary>
internal static unsafe class Dispatcher
{
    private const int MaxResults = 8;
    private static readonly ConcurrentDictionary<string, nint> operators = new();

    /// <summary>Operators that older versions of libtorch lack, and the version that brought them.</summary>
    private static readonly Dictionary<string, string> since = new()
    {
        ["scaled_dot_product_attention"] = "2.0",
        ["_fused_adamw_"] = "2.0",
        ["_fused_sgd_"] = "2.3",
    };

    /// <summary>Whether this libtorch has the operator.</summary>
    public static bool Has(string op) => operators.GetOrAdd(op, Find) != 0;

    /// <summary>The operator's schema, e.g. for an error message or documentation.</summary>
    public static string Schema(string op)
    {
        var text = stackalloc byte[4096];
        Native.Check(Native.td_schema(Resolve(op), text, 4096));
        return Marshal.PtrToStringUTF8((nint)text)!;
    }

    public static Tensor Call(string op, params ReadOnlySpan<Arg> arguments)
    {
        NativeValue result;
        Invoke(op, arguments, &result, 1);
        return ToTensor(result);
    }

    public static (Tensor, Tensor) Call2(string op, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc NativeValue[MaxResults];
        Invoke(op, arguments, results, MaxResults);
        return (ToTensor(results[0]), ToTensor(results[1]));
    }

    public static (Tensor, Tensor, Tensor) Call3(string op, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc NativeValue[MaxResults];
        Invoke(op, arguments, results, MaxResults);
        return (ToTensor(results[0]), ToTensor(results[1]), ToTensor(results[2]));
    }

    public static Tensor[] CallList(string op, params ReadOnlySpan<Arg> arguments)
    {
        NativeValue result;
        Invoke(op, arguments, &result, 1);
        var handles = (nint*)result.Pointer;
        var tensors = new Tensor[result.Count];
        for (int k = 0; k < tensors.Length; k++) tensors[k] = new Tensor(handles[k]);
        Native.td_free_list(handles);
        return tensors;
    }

    /// <summary>Calls an operator that works in place on lists and returns nothing (<c>_foreach_*_</c>).</summary>
    public static void CallVoid(string op, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc NativeValue[MaxResults];
        int count = Invoke(op, arguments, results, MaxResults);
        for (int k = 0; k < count; k++)
        {
            if (results[k].Tag == Tag.Tensor && results[k].Pointer != 0) Native.td_release(results[k].Pointer);
        }
    }

    public static bool CallBool(string op, params ReadOnlySpan<Arg> arguments) => CallValue(op, arguments).Int != 0;

    public static long CallInt(string op, params ReadOnlySpan<Arg> arguments) => CallValue(op, arguments).Int;

    /// <summary>Calls an operator whose result is a plain number.</summary>
    public static NativeValue CallValue(string op, ReadOnlySpan<Arg> arguments)
    {
        NativeValue result;
        Invoke(op, arguments, &result, 1);
        return result;
    }

    private static Tensor ToTensor(in NativeValue value) =>
        value.Pointer != 0 || value.Tag == Tag.Tensor ? new Tensor(value.Pointer) : null!;

    private static nint Resolve(string op)
    {
        if (operators.TryGetValue(op, out var handle) && handle != 0) return handle;
        handle = operators.GetOrAdd(op, Find);
        if (handle != 0) return handle;
        var from = since.TryGetValue(op, out var version) ? $"; it came with {version}" : "";
        throw new NotSupportedException($"libtorch {__version__} has no operator aten::{op}{from}");
    }

    private static nint Find(string op)
    {
        int dot = op.IndexOf('.', StringComparison.Ordinal);
        var (name, overload) = dot < 0 ? (op, "") : (op[..dot], op[(dot + 1)..]);
        nint found;
        Native.Check(Native.td_find("aten::" + name, overload, &found));
        return found;
    }

    [SkipLocalsInit]
    private static int Invoke(string op, ReadOnlySpan<Arg> arguments, NativeValue* results, int capacity)
    {
        nint handle = Resolve(op);
        var native = stackalloc NativeValue[arguments.Length];

        // Lists are laid out in one scratch area of 8-byte words.
        int words = 0;
        foreach (ref readonly var argument in arguments)
        {
            if (argument.Count > 0 && argument.Owner is not null) words += argument.Tag == Tag.String ? argument.Count : argument.Count + 1;
        }
        long[]? rented = null;
        Span<long> scratch = words <= 128 ? stackalloc long[words] : (rented = ArrayPool<long>.Shared.Rent(words));
        int count = capacity;
        int status;
        fixed (long* memory = scratch)
        {
            var next = memory;
            for (int k = 0; k < arguments.Length; k++) Write(arguments[k], out native[k], ref next);
            status = Native.td_call(handle, native, arguments.Length, results, &count);
        }
        foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Owner);
        if (rented is not null) ArrayPool<long>.Shared.Return(rented);
        Native.Check(status);
        return count;
    }

    private static void Write(in Arg argument, out NativeValue value, ref long* next)
    {
        value = new NativeValue { Tag = argument.Tag, Count = argument.Count, Int = argument.Bits };
        switch (argument.Tag)
        {
            case Tag.Tensor:
                value.Pointer = Unsafe.As<Tensor>(argument.Owner!).Handle;
                break;
            case Tag.IntList:
                Unsafe.As<long[]>(argument.Owner!).CopyTo(new Span<long>(next, argument.Count));
                Place(ref value, ref next, argument.Count);
                break;
            case Tag.DoubleList:
                Unsafe.As<double[]>(argument.Owner!).CopyTo(new Span<double>(next, argument.Count));
                Place(ref value, ref next, argument.Count);
                break;
            case Tag.BoolList:
                Unsafe.As<bool[]>(argument.Owner!).CopyTo(new Span<bool>(next, argument.Count));
                Place(ref value, ref next, argument.Count);
                break;
            case Tag.TensorList:
                var tensors = (Tensor?[])argument.Owner!;
                for (int k = 0; k < tensors.Length; k++) next[k] = tensors[k]?.Handle ?? 0;
                Place(ref value, ref next, argument.Count);
                break;
            case Tag.String:
                value.Count = Encoding.UTF8.GetBytes(Unsafe.As<string>(argument.Owner!), new Span<byte>(next, argument.Count * 8));
                Place(ref value, ref next, argument.Count);
                break;
        }
    }

    private static void Place(ref NativeValue value, ref long* next, int words)
    {
        value.Pointer = (nint)next;
        next += words;
    }
}
