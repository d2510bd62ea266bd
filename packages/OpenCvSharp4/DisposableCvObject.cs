namespace OpenCvSharp;

/// <summary>An object that stands for one of OpenCV's.</summary>
public abstract class DisposableCvObject : DisposableObject, ICvPtrHolder
{
    private protected DisposableCvObject()
    {
    }

    public IntPtr CvPtr
    {
        get
        {
            ThrowIfDisposed();
            return Owner?.DangerousGetHandle() ?? IntPtr.Zero;
        }
    }

    private protected abstract NativeObject? Owner { get; }

    protected override void DisposeManaged()
    {
        Owner?.Dispose();
        base.DisposeManaged();
    }
}
