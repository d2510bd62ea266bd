using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Three integers: an element of a CV_32SC3 array.</summary>
[Serializable]
[StructLayout(LayoutKind.Sequential)]
public struct Vec3i(int item0, int item1, int item2) : IVec<Vec3i, int>, IEquatable<Vec3i>
{
    public int Item0 = item0;
    public int Item1 = item1;
    public int Item2 = item2;

    public int this[int i]
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

    public readonly void Deconstruct(out int item0, out int item1, out int item2) => (item0, item1, item2) = (Item0, Item1, Item2);

    public readonly Vec3i Add(Vec3i other) => new(SaturateCast.ToInt32((long)Item0 + other.Item0), SaturateCast.ToInt32((long)Item1 + other.Item1), SaturateCast.ToInt32((long)Item2 + other.Item2));

    public readonly Vec3i Subtract(Vec3i other) => new(SaturateCast.ToInt32((long)Item0 - other.Item0), SaturateCast.ToInt32((long)Item1 - other.Item1), SaturateCast.ToInt32((long)Item2 - other.Item2));

    public readonly Vec3i Multiply(double alpha) => new(SaturateCast.ToInt32(Item0 * alpha), SaturateCast.ToInt32(Item1 * alpha), SaturateCast.ToInt32(Item2 * alpha));

    public readonly Vec3i Divide(double alpha) => new(SaturateCast.ToInt32(Item0 / alpha), SaturateCast.ToInt32(Item1 / alpha), SaturateCast.ToInt32(Item2 / alpha));

    public static Vec3i operator +(Vec3i a, Vec3i b) => a.Add(b);

    public static Vec3i operator -(Vec3i a, Vec3i b) => a.Subtract(b);

    public static Vec3i operator *(Vec3i a, double alpha) => a.Multiply(alpha);

    public static Vec3i operator /(Vec3i a, double alpha) => a.Divide(alpha);

    public readonly Vec3f ToVec3f() => new(Item0, Item1, Item2);

    public readonly Vec3d ToVec3d() => new(Item0, Item1, Item2);

    public readonly bool Equals(Vec3i other) => Item0 == other.Item0 && Item1 == other.Item1 && Item2 == other.Item2;

    public override readonly bool Equals(object? obj) => obj is Vec3i other && Equals(other);

    public static bool operator ==(Vec3i a, Vec3i b) => a.Equals(b);

    public static bool operator !=(Vec3i a, Vec3i b) => !a.Equals(b);

    public override readonly int GetHashCode() => HashCode.Combine(Item0, Item1, Item2);

    public override readonly string ToString() => $"Vec3i ({Item0}, {Item1}, {Item2})";
}
