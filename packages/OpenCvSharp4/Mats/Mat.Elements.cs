using System.Runtime.CompilerServices;

namespace OpenCvSharp;

// Reading and writing elements. Indices are checked, and so is that an element is at least as large as T.
public partial class Mat
{
    /// <summary>The address of the row, or for more dimensions the slice, <paramref name="i0"/>.</summary>
    public unsafe IntPtr Ptr(int i0) => (IntPtr)Address([i0], 0);

    public unsafe IntPtr Ptr(int i0, int i1) => (IntPtr)Address([i0, i1], 0);

    public unsafe IntPtr Ptr(int i0, int i1, int i2) => (IntPtr)Address([i0, i1, i2], 0);

    public unsafe IntPtr Ptr(params int[] idx) => (IntPtr)Address(idx, 0);

    public T Get<T>(int i0)
        where T : struct => Element<T>([i0]);

    public T Get<T>(int i0, int i1)
        where T : struct => Element<T>([i0, i1]);

    public T Get<T>(int i0, int i1, int i2)
        where T : struct => Element<T>([i0, i1, i2]);

    public T Get<T>(params int[] idx)
        where T : struct => Element<T>(idx);

    public void Set<T>(int i0, T value)
        where T : struct => Element<T>([i0]) = value;

    public void Set<T>(int i0, int i1, T value)
        where T : struct => Element<T>([i0, i1]) = value;

    public void Set<T>(int i0, int i1, int i2, T value)
        where T : struct => Element<T>([i0, i1, i2]) = value;

    public void Set<T>(int[] idx, T value)
        where T : struct => Element<T>(idx) = value;

    public ref T At<T>(int i0)
        where T : unmanaged => ref Element<T>([i0]);

    public ref T At<T>(int i0, int i1)
        where T : unmanaged => ref Element<T>([i0, i1]);

    public ref T At<T>(int i0, int i1, int i2)
        where T : unmanaged => ref Element<T>([i0, i1, i2]);

    public ref T At<T>(params int[] idx)
        where T : unmanaged => ref Element<T>(idx);

    /// <summary>All elements in place, without a copy; empty where there are gaps between rows. Keep the Mat alive while you use it.</summary>
    public unsafe Span<T> AsSpan<T>()
        where T : unmanaged
    {
        var info = Info;
        return info.Continuous == 0 ? [] : new Span<T>((void*)info.Data, checked((int)(info.Total * info.ElementSize / sizeof(T))));
    }

    /// <summary>Copies all elements out; T has to be what the Mat holds, <see cref="Vec3b"/> for CV_8UC3.</summary>
    public unsafe bool GetArray<T>(out T[] data)
        where T : unmanaged
    {
        data = new T[Matching<T>().Total];
        fixed (T* memory = data)
            Shim.Check(Shim.mat_pack(Handle, (IntPtr)memory));
        return true;
    }

    public unsafe bool GetRectangularArray<T>(out T[,] data)
        where T : unmanaged
    {
        var info = Matching<T>();
        data = new T[info.Rows, info.Cols];
        fixed (T* memory = data)
            Shim.Check(Shim.mat_pack(Handle, (IntPtr)memory));
        return true;
    }

    /// <summary>Copies all elements in; T has to be what the Mat holds, <see cref="Vec3b"/> for CV_8UC3.</summary>
    public unsafe bool SetArray<T>(params T[] data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        var info = Matching<T>();
        if (data.Length != info.Total)
            throw new ArgumentException($"The Mat has {info.Total} elements, the array {data.Length}", nameof(data));
        fixed (T* memory = data)
            Shim.Check(Shim.mat_unpack(Handle, (IntPtr)memory));
        return true;
    }

    public unsafe bool SetRectangularArray<T>(T[,] data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        var info = Matching<T>();
        if (data.GetLength(0) != info.Rows || data.GetLength(1) != info.Cols)
            throw new ArgumentException($"The Mat has {info.Rows} x {info.Cols} elements, the array {data.GetLength(0)} x {data.GetLength(1)}", nameof(data));
        fixed (T* memory = data)
            Shim.Check(Shim.mat_unpack(Handle, (IntPtr)memory));
        return true;
    }

    private unsafe ref T Element<T>(scoped ReadOnlySpan<int> idx)
        where T : struct
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            throw new ArgumentException($"{typeof(T)} cannot be an element of a Mat");
        return ref Unsafe.AsRef<T>(Address(idx, Unsafe.SizeOf<T>()));
    }

    private unsafe void* Address(scoped ReadOnlySpan<int> idx, int bytes)
    {
        var info = Info;
        if (idx.Length == 0 || idx.Length > info.Dims)
            throw new ArgumentException($"{idx.Length} indices for {info.Dims} dimensions", nameof(idx));
        if (bytes > info.ElementSize)
            throw new ArgumentException($"An element has {info.ElementSize} bytes, the type asked for {bytes}");
        var address = (byte*)info.Data;
        for (var i = 0; i < idx.Length; i++)
        {
            var (size, step) = info.Dims > 2 ? Dimension(i) : i == 0 ? (info.Rows, info.Step0) : (info.Cols, info.Step1);
            if ((uint)idx[i] >= (uint)size)
                throw new ArgumentOutOfRangeException(nameof(idx), $"Index {idx[i]} in dimension {i} of size {size}");
            address += idx[i] * step;
        }
        return address;
    }

    private MatInfo Matching<T>()
        where T : unmanaged
    {
        var info = Info;
        if (!ElementTypes.Fits<T>(new MatType(info.Type)))
            throw new OpenCvSharpException($"{typeof(T).Name} is not an element of {new MatType(info.Type)}");
        return info;
    }
}
