using System;
using TorchSharp.Dispatch;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number passed to an operator. Held by value; <see cref="Dispose"/> has nothing to free.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly Arg Argument;

    private Scalar(Arg argument, ScalarType type) => (Argument, Type) = (argument, type);

    public ScalarType Type { get; }

    public static implicit operator Scalar(byte value) => new((long)value, ScalarType.Byte);

    public static implicit operator Scalar(sbyte value) => new((long)value, ScalarType.Int8);

    public static implicit operator Scalar(short value) => new((long)value, ScalarType.Int16);

    public static implicit operator Scalar(int value) => new((long)value, ScalarType.Int32);

    public static implicit operator Scalar(long value) => new(value, ScalarType.Int64);

    public static implicit operator Scalar(Half value) => new((double)value, ScalarType.Float16);

    public static implicit operator Scalar(float value) => new((double)value, ScalarType.Float32);

    public static implicit operator Scalar(double value) => new(value, ScalarType.Float64);

    public static implicit operator Scalar(bool value) => new(value, ScalarType.Bool);

    // The type that torch.full gives a tensor of this value.
    internal ScalarType DefaultType => Argument.Tag switch { Tag.Int => ScalarType.Int64, Tag.Bool => ScalarType.Bool, _ => get_default_dtype() };

    internal double AsDouble => Argument.Tag is Tag.Double ? BitConverter.Int64BitsToDouble(Argument.Bits) : Argument.Bits;

    internal long AsInt64 => Argument.Tag is Tag.Double ? (long)AsDouble : Argument.Bits;

    public void Dispose()
    {
    }

    public override string ToString() => Argument.Tag switch
    {
        Tag.Bool => Argument.Bits != 0 ? "true" : "false",
        Tag.Double => AsDouble.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => Argument.Bits.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}

/// <summary>Reads a <see cref="Scalar"/> back as a .NET number.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;

    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static Scalar ToScalar(this bool value) => value;

    public static float ToSingle(this Scalar value) => (float)value.AsDouble;

    public static double ToDouble(this Scalar value) => value.AsDouble;

    public static int ToInt32(this Scalar value) => checked((int)value.AsInt64);

    public static long ToInt64(this Scalar value) => value.AsInt64;

    public static bool ToBoolean(this Scalar value) => value.AsInt64 != 0;
}
