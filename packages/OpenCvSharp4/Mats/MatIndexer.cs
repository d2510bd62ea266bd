namespace OpenCvSharp;

/// <summary>Fast access to the elements of one Mat, whose layout is looked up once.</summary>
public abstract class MatIndexer<T>
    where T : struct
{
    internal MatIndexer(Mat parent)
    {
        Parent = parent;
        Steps = [.. Enumerable.Range(0, parent.Dims).Select(parent.Step)];
    }

    public abstract T this[int i0] { get; set; }

    public abstract T this[int i0, int i1] { get; set; }

    public abstract T this[int i0, int i1, int i2] { get; set; }

    public abstract T this[params int[] idx] { get; set; }

    protected Mat Parent { get; }

    /// <summary>Bytes from one index to the next, for each dimension.</summary>
    protected IReadOnlyList<long> Steps { get; }
}
