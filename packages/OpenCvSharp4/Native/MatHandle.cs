using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Owns a cv::Mat, tells the garbage collector how much memory hangs on it, and keeps a managed array pinned that it looks at.</summary>
internal sealed class MatHandle : NativeObject
{
    private const long WorthTelling = 4096;

    private long told;
    private PinnedArray? pinned;

    /// <summary>Stands for a missing optional argument.</summary>
    public static MatHandle None { get; } = new();

    public PinnedArray? Pinned => pinned;

    /// <summary>Views of a pinned array pin it too.</summary>
    public MatHandle Pin(PinnedArray? array)
    {
        pinned = array?.Share();
        return this;
    }

    /// <summary>Tells the garbage collector how much memory the Mat owns now, so that forgotten Mats are collected in time.</summary>
    public void Account()
    {
        var now = Shim.mat_owned_bytes(this);
        Tell(now < WorthTelling ? 0 : now);
    }

    protected override bool ReleaseHandle()
    {
        Tell(0);
        Shim.mat_delete(handle);
        pinned?.Release();
        return true;
    }

    private void Tell(long bytes)
    {
        if (bytes > told)
            GC.AddMemoryPressure(bytes - told);
        else if (bytes < told)
            GC.RemoveMemoryPressure(told - bytes);
        told = bytes;
    }
}

/// <summary>A managed array that stays in place until the last Mat over it is gone.</summary>
internal sealed class PinnedArray(Array array)
{
    private GCHandle handle = GCHandle.Alloc(array, GCHandleType.Pinned);
    private int users;

    public IntPtr Address => handle.AddrOfPinnedObject();

    public long Bytes => (long)array.Length * Marshal.SizeOf(array.GetType().GetElementType()!);

    public PinnedArray Share()
    {
        Interlocked.Increment(ref users);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref users) == 0)
            handle.Free();
    }
}
