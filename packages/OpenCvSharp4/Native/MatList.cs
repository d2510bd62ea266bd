namespace OpenCvSharp;

/// <summary>The native pointers of several Mats, all kept alive while it lives.</summary>
internal readonly ref struct MatList
{
    private readonly List<MatHandle> held = [];

    public MatList(IEnumerable<Mat> mats)
    {
        try
        {
            foreach (var mat in mats)
            {
                ArgumentNullException.ThrowIfNull(mat, nameof(mats));
                mat.ThrowIfDisposed();
                var added = false;
                mat.Handle.DangerousAddRef(ref added);
                held.Add(mat.Handle);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        Pointers = [.. held.Select(h => h.DangerousGetHandle())];
    }

    public IntPtr[] Pointers { get; } = [];

    public int Count => Pointers.Length;

    public void Dispose()
    {
        foreach (var handle in held)
            handle.DangerousRelease();
    }
}
