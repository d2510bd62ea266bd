using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Two floats: an element of a CV_32FC2 array, such as optical flow.</summary>
[Serializable]
[StructLayout(LayoutKind.Sequential)]
public struct Vec2f(float item0, float item1) : IVec<Vec2f, float>, IEquatable<Vec2f>
{
    public float Item0 = item0;
    public float Item1 = item1;

    public float this[int i]
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

    public readonly void Deconstruct(out float item0, out float item1) => (item0, item1) = (Item0, Item1);

    public readonly Vec2f Add(Vec2f other) => new(Item0 + other.Item0, Item1 + other.Item1);

    public readonly Vec2f Subtract(Vec2f other) => new(Item0 - other.Item0, Item1 - other.Item1);

    public readonly Vec2f Multiply(double alpha) => new((float)(Item0 * alpha), (float)(Item1 * alpha));

    public readonly Vec2f Divide(double alpha) => new((float)(Item0 / alpha), (float)(Item1 / alpha));

    public static Vec2f operator +(Vec2f a, Vec2f b) => a.Add(b);

    public static Vec2f operator -(Vec2f a, Vec2f b) => a.Subtract(b);

    public static Vec2f operator *(Vec2f a, double alpha) => a.Multiply(alpha);

    public static Vec2f operator /(Vec2f a, double alpha) => a.Divide(alpha);

    public readonly Vec2i ToVec2i() => new((int)Item0, (int)Item1);

    public readonly bool Equals(Vec2f other) => Item0 == other.Item0 && Item1 == other.Item1;

    public override readonly bool Equals(object? obj) => obj is Vec2f other && Equals(other);

    public static bool operator ==(Vec2f a, Vec2f b) => a.Equals(b);

    public static bool operator !=(Vec2f a, Vec2f b) => !a.Equals(b);

    public override readonly int GetHashCode() => HashCode.Combine(Item0, Item1);

    public override readonly string ToString() => $"Vec2f ({Item0}, {Item1})";
}
