namespace OpenCvSharp;

/// <summary>The Mat that a function writes to; it gets the right size and type. Rarely written out; a Mat converts implicitly.</summary>
public class OutputArray : DisposableCvObject
{
    private readonly Mat mat;

    internal OutputArray(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        this.mat = mat;
    }

    internal MatHandle Handle
    {
        get
        {
            ThrowIfDisposed();
            mat.ThrowIfDisposed();
            return mat.Handle;
        }
    }

    private protected override NativeObject? Owner => null;

    public static OutputArray Create(Mat mat) => new(mat);

    public static implicit operator OutputArray(Mat mat) => new(mat);

    public bool IsMat() => true;

    public virtual Mat? GetMat() => mat;
}
