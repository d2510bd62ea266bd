namespace OpenCvSharp;

/// <summary>An object whose native memory can be given back before the garbage collector comes.</summary>
public abstract class DisposableObject : IDisposable
{
    private int disposed;

    private protected DisposableObject()
    {
    }

    public bool IsDisposed => Volatile.Read(ref disposed) != 0;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0 && disposing)
            DisposeManaged();
    }

    protected virtual void DisposeManaged()
    {
    }

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);
}
