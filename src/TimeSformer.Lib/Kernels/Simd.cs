using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace TimeSformer.Kernels;

/// <summary>Vectors of float32 of one width, so that each kernel is written once and compiled for each.</summary>
/// <typeparam name="V">The vector.</typeparam>
internal unsafe interface ISimd<V>
    where V : unmanaged
{
    /// <summary>The floats in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>The processor's registers for such vectors.</summary>
    static abstract int Registers { get; }

    static abstract V Of(float value);

    static abstract V Load(float* from);

    /// <summary>Widens `Count` bfloat16 numbers.</summary>
    static abstract V Widen(ushort* from);

    static abstract void Store(V x, float* to);

    /// <summary>Rounds to bfloat16, ties to even.</summary>
    static abstract void Narrow(V x, ushort* to);

    static abstract V Add(V x, V y);

    static abstract V Sub(V x, V y);

    static abstract V Mul(V x, V y);

    static abstract V Div(V x, V y);

    static abstract V Max(V x, V y);

    /// <summary>x·y + z, rounded once.</summary>
    static abstract V Fma(V x, V y, V z);

    /// <summary>|x|.</summary>
    static abstract V Abs(V x);

    /// <summary>|x| with the sign of y.</summary>
    static abstract V CopySign(V x, V y);

    /// <summary>e^x within 2e-7 of its value; 0 below -87 and for -∞.</summary>
    static abstract V Exp(V x);

    static abstract float Sum(V x);

    /// <summary>The greatest element.</summary>
    static abstract float Top(V x);
}

/// <summary>16 floats, on processors with AVX-512.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static int Count => 16;

    public static int Registers => 32;

    public static Vector512<float> Of(float value) => Vector512.Create(value);

    public static Vector512<float> Load(float* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(ushort* from)
    {
        var (low, high) = Vector256.Widen(Vector256.Load(from));
        return (Vector512.Create(low, high) << 16).AsSingle();
    }

    public static void Store(Vector512<float> x, float* to) => Vector512.Store(x, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Narrow(Vector512<float> x, ushort* to)
    {
        var bits = x.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512.Create(1u))) >> 16;
        Vector256.Store(Vector256.Narrow(rounded.GetLower(), rounded.GetUpper()), to);
    }

    public static Vector512<float> Add(Vector512<float> x, Vector512<float> y) => x + y;

    public static Vector512<float> Sub(Vector512<float> x, Vector512<float> y) => x - y;

    public static Vector512<float> Mul(Vector512<float> x, Vector512<float> y) => x * y;

    public static Vector512<float> Div(Vector512<float> x, Vector512<float> y) => x / y;

    public static Vector512<float> Max(Vector512<float> x, Vector512<float> y) => Vector512.Max(x, y);

    public static Vector512<float> Fma(Vector512<float> x, Vector512<float> y, Vector512<float> z) =>
        Vector512.FusedMultiplyAdd(x, y, z);

    public static Vector512<float> Abs(Vector512<float> x) => Vector512.Abs(x);

    public static Vector512<float> CopySign(Vector512<float> x, Vector512<float> y) => Vector512.CopySign(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // Adding the shift rounds x / ln 2 to an integer n, which ends up in the lowest bits; e^x is 2^n · e^r with |r| ≤ ln 2 / 2.
        var n = Vector512.FusedMultiplyAdd(x, Vector512.Create(SimdExp.Log2E), Vector512.Create(SimdExp.Shift));
        var whole = n - Vector512.Create(SimdExp.Shift);
        var r = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-SimdExp.Ln2High), x);
        r = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-SimdExp.Ln2Low), r);
        var p = Vector512.FusedMultiplyAdd(r, Vector512.Create(1 / 720f), Vector512.Create(1 / 120f));
        p = Vector512.FusedMultiplyAdd(r, p, Vector512.Create(1 / 24f));
        p = Vector512.FusedMultiplyAdd(r, p, Vector512.Create(1 / 6f));
        p = Vector512.FusedMultiplyAdd(r, p, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(r, p, Vector512<float>.One);
        p = Vector512.FusedMultiplyAdd(r, p, Vector512<float>.One);
        var scaled = (p.AsInt32() + (n.AsInt32() << 23)).AsSingle();
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(SimdExp.Least)), scaled, Vector512<float>.Zero);
    }

    public static float Sum(Vector512<float> x) => Vector512.Sum(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Top(Vector512<float> x) => Simd256.Top(Vector256.Max(x.GetLower(), x.GetUpper()));
}

/// <summary>8 floats; .NET itself emulates what a processor lacks.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public static int Count => 8;

    public static int Registers => 16;

    public static Vector256<float> Of(float value) => Vector256.Create(value);

    public static Vector256<float> Load(float* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Widen(ushort* from)
    {
        var (low, high) = Vector128.Widen(Vector128.Load(from));
        return (Vector256.Create(low, high) << 16).AsSingle();
    }

    public static void Store(Vector256<float> x, float* to) => Vector256.Store(x, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Narrow(Vector256<float> x, ushort* to)
    {
        var bits = x.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;
        Vector128.Store(Vector128.Narrow(rounded.GetLower(), rounded.GetUpper()), to);
    }

    public static Vector256<float> Add(Vector256<float> x, Vector256<float> y) => x + y;

    public static Vector256<float> Sub(Vector256<float> x, Vector256<float> y) => x - y;

    public static Vector256<float> Mul(Vector256<float> x, Vector256<float> y) => x * y;

    public static Vector256<float> Div(Vector256<float> x, Vector256<float> y) => x / y;

    public static Vector256<float> Max(Vector256<float> x, Vector256<float> y) => Vector256.Max(x, y);

    public static Vector256<float> Fma(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.FusedMultiplyAdd(x, y, z);

    public static Vector256<float> Abs(Vector256<float> x) => Vector256.Abs(x);

    public static Vector256<float> CopySign(Vector256<float> x, Vector256<float> y) => Vector256.CopySign(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // As in Simd512.
        var n = Vector256.FusedMultiplyAdd(x, Vector256.Create(SimdExp.Log2E), Vector256.Create(SimdExp.Shift));
        var whole = n - Vector256.Create(SimdExp.Shift);
        var r = Vector256.FusedMultiplyAdd(whole, Vector256.Create(-SimdExp.Ln2High), x);
        r = Vector256.FusedMultiplyAdd(whole, Vector256.Create(-SimdExp.Ln2Low), r);
        var p = Vector256.FusedMultiplyAdd(r, Vector256.Create(1 / 720f), Vector256.Create(1 / 120f));
        p = Vector256.FusedMultiplyAdd(r, p, Vector256.Create(1 / 24f));
        p = Vector256.FusedMultiplyAdd(r, p, Vector256.Create(1 / 6f));
        p = Vector256.FusedMultiplyAdd(r, p, Vector256.Create(0.5f));
        p = Vector256.FusedMultiplyAdd(r, p, Vector256<float>.One);
        p = Vector256.FusedMultiplyAdd(r, p, Vector256<float>.One);
        var scaled = (p.AsInt32() + (n.AsInt32() << 23)).AsSingle();
        return Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256.Create(SimdExp.Least)), scaled, Vector256<float>.Zero);
    }

    public static float Sum(Vector256<float> x) => Vector256.Sum(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Top(Vector256<float> x)
    {
        var four = Vector128.Max(x.GetLower(), x.GetUpper());
        var two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}

/// <summary>
/// The constants of Exp: ln 2 in two parts, the first of which has few bits, so that products with small integers are exact.
/// </summary>
internal static class SimdExp
{
    public const float Log2E = 1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f, Shift = 12582912, Least = -87.3f;
}

/// <summary>How the elements of a tensor are stored; arithmetic is in float32.</summary>
internal unsafe interface IStorage
{
    static abstract ScalarType Type { get; }

    static abstract V Load<V, O>(void* from, long index)
        where V : unmanaged
        where O : struct, ISimd<V>;

    static abstract void Store<V, O>(V x, void* to, long index)
        where V : unmanaged
        where O : struct, ISimd<V>;
}

/// <summary>float32.</summary>
internal readonly unsafe struct AsFloat32 : IStorage
{
    public static ScalarType Type => ScalarType.Float32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V, O>(void* from, long index)
        where V : unmanaged
        where O : struct, ISimd<V> => O.Load((float*)from + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, O>(V x, void* to, long index)
        where V : unmanaged
        where O : struct, ISimd<V> => O.Store(x, (float*)to + index);
}

/// <summary>bfloat16: the upper half of a float32.</summary>
internal readonly unsafe struct AsBFloat16 : IStorage
{
    public static ScalarType Type => ScalarType.BFloat16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V, O>(void* from, long index)
        where V : unmanaged
        where O : struct, ISimd<V> => O.Widen((ushort*)from + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, O>(V x, void* to, long index)
        where V : unmanaged
        where O : struct, ISimd<V> => O.Narrow(x, (ushort*)to + index);
}
