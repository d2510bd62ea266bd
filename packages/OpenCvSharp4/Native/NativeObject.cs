using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Owns one object of the native library; calls in flight keep it alive.</summary>
internal abstract class NativeObject() : SafeHandle(IntPtr.Zero, ownsHandle: true)
{
    public override bool IsInvalid => handle == IntPtr.Zero;
}

internal sealed class CaptureHandle : NativeObject
{
    protected override bool ReleaseHandle()
    {
        Shim.capture_delete(handle);
        return true;
    }
}

internal sealed class WriterHandle : NativeObject
{
    protected override bool ReleaseHandle()
    {
        Shim.writer_delete(handle);
        return true;
    }
}

/// <summary>Bytes that the native library produced, an encoded image for example.</summary>
internal sealed class BytesHandle : NativeObject
{
    public byte[] ToArray()
    {
        Shim.Check(Shim.shim_bytes_view(this, out var data, out var size));
        var bytes = new byte[size];
        Marshal.Copy(data, bytes, 0, bytes.Length);
        return bytes;
    }

    protected override bool ReleaseHandle()
    {
        Shim.shim_bytes_delete(handle);
        return true;
    }
}
