using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TimeSformer.Kernels;

/// <summary>Vectors of float32 of one width, so that each kernel is written once and compiled for each.</summary>
/// <typeparam name="V">The vector.</typeparam>
internal unsafe interface ISimd<V>
    where V : unmanaged
{
    /// <summary>The floats in a vector.</summary>
    static abstract int Count { get; }

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

    static abstract V Exp(V x);

    static abstract float Sum(V x);
}

/// <summary>16 floats, on processors with AVX-512.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static int Count => 16;

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

    public static Vector512<float> Exp(Vector512<float> x) => Vector512.Exp(x);

    public static float Sum(Vector512<float> x) => Vector512.Sum(x);
}

/// <summary>8 floats; .NET itself emulates what a processor lacks.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public static int Count => 8;

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

    public static Vector256<float> Exp(Vector256<float> x) => Vector256.Exp(x);

    public static float Sum(Vector256<float> x) => Vector256.Sum(x);
}

/// <summary>How the elements of a tensor are stored; arithmetic is in float32.</summary>
internal unsafe interface IStorage
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Size { get; }

    static abstract V Load<V, O>(void* from, long index)
        where V : unmanaged
        where O : struct, ISimd<V>;

    static abstract void Store<V, O>(V x, void* to, long index)
        where V : unmanaged
        where O : struct, ISimd<V>;
}

/// <summary>float32.</summary>
internal readonly unsafe struct Float32 : IStorage
{
    public static int Size => sizeof(float);

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
internal readonly unsafe struct BFloat16 : IStorage
{
    public static int Size => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V, O>(void* from, long index)
        where V : unmanaged
        where O : struct, ISimd<V> => O.Widen((ushort*)from + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, O>(V x, void* to, long index)
        where V : unmanaged
        where O : struct, ISimd<V> => O.Narrow(x, (ushort*)to + index);
}
