using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Two integers: an element of a CV_32SC2 array.</summary>
[Serializable]
[StructLayout(LayoutKind.Sequential)]
public struct Vec2i(int item0, int item1) : IVec<Vec2i, int>, IEquatable<Vec2i>
{
    public int Item0 = item0;
    public int Item1 = item1;

    public int this[int i]
    {
        readonly get => i switch
        {
            0 => Item0,
            1 => Item1,
            _ => throw new ArgumentOutOfRangeException(nameof(i)),
        };
        set
        {
            switch (i)
            {
                case 0: Item0 = value; break;
                case 1: Item1 = value; break;
                default: throw new ArgumentOutOfRangeException(nameof(i));
            }
        }
    }

    public readonly void Deconstruct(out int item0, out int item1) => (item0, item1) = (Item0, Item1);

    public readonly Vec2i Add(Vec2i other) => new(SaturateCast.ToInt32((long)Item0 + other.Item0), SaturateCast.ToInt32((long)Item1 + other.Item1));

    public readonly Vec2i Subtract(Vec2i other) => new(SaturateCast.ToInt32((long)Item0 - other.Item0), SaturateCast.ToInt32((long)Item1 - other.Item1));

    public readonly Vec2i Multiply(double alpha) => new(SaturateCast.ToInt32(Item0 * alpha), SaturateCast.ToInt32(Item1 * alpha));

    public readonly Vec2i Divide(double alpha) => new(SaturateCast.ToInt32(Item0 / alpha), SaturateCast.ToInt32(Item1 / alpha));

    public static Vec2i operator +(Vec2i a, Vec2i b) => a.Add(b);

    public static Vec2i operator -(Vec2i a, Vec2i b) => a.Subtract(b);

    public static Vec2i operator *(Vec2i a, double alpha) => a.Multiply(alpha);

    public static Vec2i operator /(Vec2i a, double alpha) => a.Divide(alpha);

    public readonly Vec2f ToVec2f() => new(Item0, Item1);

    public readonly bool Equals(Vec2i other) => Item0 == other.Item0 && Item1 == other.Item1;

    public override readonly bool Equals(object? obj) => obj is Vec2i other && Equals(other);

    public static bool operator ==(Vec2i a, Vec2i b) => a.Equals(b);

    public static bool operator !=(Vec2i a, Vec2i b) => !a.Equals(b);

    public override readonly int GetHashCode() => HashCode.Combine(Item0, Item1);

    public override readonly string ToString() => $"Vec2i ({Item0}, {Item1})";
}
