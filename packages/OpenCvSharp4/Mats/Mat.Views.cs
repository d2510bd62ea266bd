namespace OpenCvSharp;

// Parts of a Mat: each is a view over the same memory. Assigning to an indexer copies into that part.
public partial class Mat
{
    public Mat this[int rowStart, int rowEnd, int colStart, int colEnd]
    {
        get => SubMat(rowStart, rowEnd, colStart, colEnd);
        set => Overwrite(SubMat(rowStart, rowEnd, colStart, colEnd), value);
    }

    public Mat this[System.Range rowRange, System.Range colRange]
    {
        get => SubMat(rowRange, colRange);
        set => Overwrite(SubMat(rowRange, colRange), value);
    }

    public Mat this[Range rowRange, Range colRange]
    {
        get => SubMat(rowRange, colRange);
        set => Overwrite(SubMat(rowRange, colRange), value);
    }

    public Mat this[Rect roi]
    {
        get => SubMat(roi);
        set => Overwrite(SubMat(roi), value);
    }

    public Mat this[params Range[] ranges]
    {
        get => SubMat(ranges);
        set => Overwrite(SubMat(ranges), value);
    }

    public Mat SubMat(int rowStart, int rowEnd, int colStart, int colEnd) => new(this, new Range(rowStart, rowEnd), new Range(colStart, colEnd));

    public Mat SubMat(Range rowRange, Range colRange) => new(this, rowRange, colRange);

    public Mat SubMat(System.Range rowRange, System.Range colRange) => new(this, Resolve(rowRange, Rows), Resolve(colRange, Cols));

    public Mat SubMat(Rect roi) => new(this, roi);

    public Mat SubMat(params Range[] ranges) => new(this, ranges);

    public Mat Row(int y) => RowRange(y, y + 1);

    public Mat RowRange(int startRow, int endRow) => RowRange(new Range(startRow, endRow));

    public Mat RowRange(Range range) => new(this, range);

    public Mat RowRange(System.Range range) => RowRange(Resolve(range, Rows));

    public Mat Col(int x) => ColRange(x, x + 1);

    public Mat ColRange(int startCol, int endCol) => ColRange(new Range(startCol, endCol));

    public Mat ColRange(Range range) => new(this, Range.All, range);

    public Mat ColRange(System.Range range) => ColRange(Resolve(range, Cols));

    /// <summary>The same memory with other channels and rows; 0 keeps what there is.</summary>
    public Mat Reshape(int cn, int rows = 0)
    {
        ThrowIfDisposed();
        Shim.Check(Shim.mat_reshape(Handle, cn, rows, out var handle));
        return new Mat(handle.Pin(Handle.Pinned));
    }

    public Mat Reshape(int cn, params int[] newDims)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(newDims);
        Shim.Check(Shim.mat_reshape_nd(Handle, cn, newDims.Length, newDims, out var handle));
        return new Mat(handle.Pin(Handle.Pinned));
    }

    private static Range Resolve(System.Range range, int length)
    {
        var (start, count) = range.GetOffsetAndLength(length);
        return new Range(start, start + count);
    }

    private static void Overwrite(Mat part, Mat value)
    {
        using (part)
        {
            ArgumentNullException.ThrowIfNull(value);
            if (part.Dims != value.Dims || Enumerable.Range(0, part.Dims).Any(i => part.Size(i) != value.Size(i)))
                throw new ArgumentException($"{value} does not fit into {part}", nameof(value));
            if (part.Type() != value.Type())
                throw new ArgumentException($"Elements of {value} are not those of {part}", nameof(value));
            value.CopyTo(part);
        }
    }
}
