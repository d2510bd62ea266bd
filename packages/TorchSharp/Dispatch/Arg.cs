using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Dispatch;

internal enum Tag
{
    Default,
    None,
    Tensor,
    Int,
    Double,
    Bool,
    IntList,
    DoubleList,
    BoolList,
    TensorList,
    String,
    Device,
    Generator,
}

/// <summary>One argument or result as the native side reads it; mirrors <c>Value</c> in dispatch.cpp.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeValue
{
    [FieldOffset(0)] public Tag Tag;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long Int;
    [FieldOffset(8)] public double Double;
    [FieldOffset(8)] public nint Pointer;
}

/// <summary>
/// An operator's argument on the managed side. It holds the managed owner of what it passes (wrapper, array, string), so that the
/// call can keep it alive; list contents are copied to native memory for the time of the call.
/// </summary>
internal readonly struct Arg
{
    public readonly object? Owner;
    public readonly long Bits;
    public readonly int Count;
    public readonly Tag Tag;

    private Arg(Tag tag, long bits = 0, object? owner = null, int count = 0) => (Tag, Bits, Owner, Count) = (tag, bits, owner, count);

    /// <summary>Takes the schema's default.</summary>
    public static Arg Default => default;

    public static Arg None => new(Tag.None);

    public static implicit operator Arg(Tensor? value) => value is null ? None : new(Tag.Tensor, 0, value);

    public static implicit operator Arg(long value) => new(Tag.Int, value);

    public static implicit operator Arg(int value) => new(Tag.Int, value);

    public static implicit operator Arg(long? value) => value is { } given ? given : None;

    public static implicit operator Arg(double value) => new(Tag.Double, System.BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(double? value) => value is { } given ? given : None;

    public static implicit operator Arg(bool value) => new(Tag.Bool, value ? 1 : 0);

    public static implicit operator Arg(Scalar? value) => value is null ? None : value.Argument;

    public static implicit operator Arg(long[]? value) => value is null ? None : new(Tag.IntList, 0, value, value.Length);

    public static implicit operator Arg(System.ReadOnlySpan<long> value) => value.ToArray();

    public static implicit operator Arg(double[]? value) => value is null ? None : new(Tag.DoubleList, 0, value, value.Length);

    public static implicit operator Arg(bool[] value) => new(Tag.BoolList, 0, value, value.Length);

    public static implicit operator Arg(Tensor?[] value) => new(Tag.TensorList, 0, value, value.Length);

    public static implicit operator Arg(string value) => new(Tag.String, 0, value, value.Length);

    public static implicit operator Arg(ScalarType value) => new(Tag.Int, (long)value);

    public static implicit operator Arg(ScalarType? value) => value is { } given ? given : None;

    public static implicit operator Arg(Device? value) =>
        value is null ? None : new(Tag.Device, value.index, null, (int)value.type);

    public static implicit operator Arg(Generator? value) => value is null ? None : new(Tag.Generator, value.Handle, value);

    public static Arg List(IEnumerable<Tensor> value) => value as Tensor[] ?? value.ToArray();
}
