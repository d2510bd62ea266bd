using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Three bytes: a pixel of an 8-bit colour image, in the order blue, green, red.</summary>
[Serializable]
[StructLayout(LayoutKind.Sequential)]
public struct Vec3b(byte item0, byte item1, byte item2) : IVec<Vec3b, byte>, IEquatable<Vec3b>
{
    public byte Item0 = item0;
    public byte Item1 = item1;
    public byte Item2 = item2;

    public byte this[int i]
    {
        readonly get => i switch
        {
            0 => Item0,
            1 => Item1,
            2 => Item2,
            _ => throw new ArgumentOutOfRangeException(nameof(i)),
        };
        set
        {
            switch (i)
            {
                case 0: Item0 = value; break;
                case 1: Item1 = value; break;
                case 2: Item2 = value; break;
                default: throw new ArgumentOutOfRangeException(nameof(i));
            }
        }
    }

    public readonly void Deconstruct(out byte item0, out byte item1, out byte item2) => (item0, item1, item2) = (Item0, Item1, Item2);

    public readonly Vec3b Add(Vec3b other) => new(SaturateCast.ToByte(Item0 + other.Item0), SaturateCast.ToByte(Item1 + other.Item1), SaturateCast.ToByte(Item2 + other.Item2));

    public readonly Vec3b Subtract(Vec3b other) => new(SaturateCast.ToByte(Item0 - other.Item0), SaturateCast.ToByte(Item1 - other.Item1), SaturateCast.ToByte(Item2 - other.Item2));

    public readonly Vec3b Multiply(double alpha) => new(SaturateCast.ToByte(Item0 * alpha), SaturateCast.ToByte(Item1 * alpha), SaturateCast.ToByte(Item2 * alpha));

    public readonly Vec3b Divide(double alpha) => new(SaturateCast.ToByte(Item0 / alpha), SaturateCast.ToByte(Item1 / alpha), SaturateCast.ToByte(Item2 / alpha));

    public static Vec3b operator +(Vec3b a, Vec3b b) => a.Add(b);

    public static Vec3b operator -(Vec3b a, Vec3b b) => a.Subtract(b);

    public static Vec3b operator *(Vec3b a, double alpha) => a.Multiply(alpha);

    public static Vec3b operator /(Vec3b a, double alpha) => a.Divide(alpha);

    public readonly Vec3i ToVec3i() => new(Item0, Item1, Item2);

    public readonly Vec3f ToVec3f() => new(Item0, Item1, Item2);

    public readonly Vec3d ToVec3d() => new(Item0, Item1, Item2);

    public readonly bool Equals(Vec3b other) => Item0 == other.Item0 && Item1 == other.Item1 && Item2 == other.Item2;

    public override readonly bool Equals(object? obj) => obj is Vec3b other && Equals(other);

    public static bool operator ==(Vec3b a, Vec3b b) => a.Equals(b);

    public static bool operator !=(Vec3b a, Vec3b b) => !a.Equals(b);

    public override readonly int GetHashCode() => HashCode.Combine(Item0, Item1, Item2);

    public override readonly string ToString() => $"Vec3b ({Item0}, {Item1}, {Item2})";
}
