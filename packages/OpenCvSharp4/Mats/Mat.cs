namespace OpenCvSharp;

/// <summary>A dense array of numbers: an image, a matrix, or more dimensions. Several Mats can look at the same memory.</summary>
public partial class Mat : DisposableCvObject
{
    /// <summary>Holds nothing; functions that write to it give it a size and a type.</summary>
    public Mat()
    {
        Shim.Check(Shim.mat_new(out var handle));
        Handle = handle;
    }

    /// <summary>Reads an image file; stays empty where that cannot be done.</summary>
    public Mat(string fileName, ImreadModes flags = ImreadModes.Color)
        : this(Cv2.ReadImage(fileName, flags))
    {
    }

    /// <summary>The content is undefined until it is written.</summary>
    public Mat(int rows, int cols, MatType type)
        : this(Allocate([rows, cols], type))
    {
    }

    /// <summary>The content is undefined until it is written.</summary>
    public Mat(Size size, MatType type)
        : this(Allocate([size.Height, size.Width], type))
    {
    }

    public Mat(int rows, int cols, MatType type, Scalar s)
        : this(Fill([rows, cols], type, s))
    {
    }

    public Mat(Size size, MatType type, Scalar s)
        : this(Fill([size.Height, size.Width], type, s))
    {
    }

    /// <summary>The content is undefined until it is written.</summary>
    public Mat(IEnumerable<int> sizes, MatType type)
        : this(Allocate([.. sizes], type))
    {
    }

    public Mat(IEnumerable<int> sizes, MatType type, Scalar s)
        : this(Fill([.. sizes], type, s))
    {
    }

    /// <summary>A view: writing to it writes to <paramref name="m"/>.</summary>
    public Mat(Mat m, Range rowRange, Range? colRange = null)
        : this(View(m, rowRange, colRange ?? Range.All))
    {
    }

    /// <summary>A view: writing to it writes to <paramref name="m"/>.</summary>
    public Mat(Mat m, params Range[] ranges)
        : this(View(m, ranges))
    {
    }

    /// <summary>A view: writing to it writes to <paramref name="m"/>.</summary>
    public Mat(Mat m, Rect roi)
        : this(View(m, new Range(roi.Top, roi.Bottom), new Range(roi.Left, roi.Right)))
    {
    }

    internal Mat(MatHandle handle)
    {
        Handle = handle;
        handle.Account();
    }

    internal MatHandle Handle { get; }

    private protected override NativeObject Owner => Handle;

    /// <summary>A Mat over memory that the caller keeps alive; <paramref name="step"/> is the bytes from row to row, 0 for packed rows.</summary>
    public static Mat FromPixelData(int rows, int cols, MatType type, IntPtr data, long step = 0)
    {
        Shim.Check(Shim.mat_new_over_data(rows, cols, type.Value, data, step, out var handle));
        return new Mat(handle);
    }

    /// <summary>A Mat over the memory of <paramref name="data"/>, which stays pinned as long as the Mat or a view of it lives.</summary>
    public static Mat FromPixelData(int rows, int cols, MatType type, Array data, long step = 0) => Over(data, pinned =>
    {
        var packed = (long)cols * ElementSize(type);
        Require(data, pinned, rows == 0 ? 0 : ((rows - 1L) * (step == 0 ? packed : step)) + packed);
        Shim.Check(Shim.mat_new_over_data(rows, cols, type.Value, pinned.Address, step, out var handle));
        return handle;
    });

    /// <summary>A Mat over memory that the caller keeps alive; <paramref name="steps"/> are bytes, one a dimension but the last.</summary>
    public static Mat FromPixelData(IEnumerable<int> sizes, MatType type, IntPtr data, IEnumerable<long>? steps = null)
    {
        int[] all = [.. sizes];
        Shim.Check(Shim.mat_new_over_data_nd(all.Length, all, type.Value, data, steps?.ToArray(), out var handle));
        return new Mat(handle);
    }

    /// <summary>A Mat over the memory of <paramref name="data"/>, which stays pinned as long as the Mat or a view of it lives.</summary>
    public static Mat FromPixelData(IEnumerable<int> sizes, MatType type, Array data, IEnumerable<long>? steps = null) => Over(data, pinned =>
    {
        int[] all = [.. sizes];
        long[] strides = steps is null ? [] : [.. steps];
        var needed = steps is null
            ? all.Aggregate((long)ElementSize(type), (bytes, size) => bytes * size)
            : all.Select((size, i) => (size - 1L) * (i < strides.Length ? strides[i] : ElementSize(type))).Sum() + ElementSize(type);
        Require(data, pinned, needed);
        Shim.Check(Shim.mat_new_over_data_nd(all.Length, all, type.Value, pinned.Address, steps is null ? null : strides, out var handle));
        return handle;
    });

    public static Mat FromStream(Stream stream, ImreadModes mode)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return ImDecode(memory.GetBuffer().AsSpan(0, (int)memory.Length), mode);
    }

    public static Mat ImDecode(byte[] imageBytes, ImreadModes mode = ImreadModes.Color) => Cv2.ImDecode(imageBytes, mode);

    public static Mat ImDecode(ReadOnlySpan<byte> span, ImreadModes mode = ImreadModes.Color) => Cv2.ImDecode(span, mode);

    public static Mat FromImageData(byte[] imageBytes, ImreadModes mode = ImreadModes.Color) => Cv2.ImDecode(imageBytes, mode);

    public static Mat FromImageData(ReadOnlySpan<byte> span, ImreadModes mode = ImreadModes.Color) => Cv2.ImDecode(span, mode);

    public static MatExpr Zeros(int rows, int cols, MatType type) => new(() => new Mat(rows, cols, type, new Scalar(0)));

    public static MatExpr Zeros(Size size, MatType type) => Zeros(size.Height, size.Width, type);

    public static MatExpr Zeros(MatType type, params int[] sizes) => new(() => new Mat(sizes, type, new Scalar(0)));

    /// <summary>One in the first channel, zero in the others.</summary>
    public static MatExpr Ones(int rows, int cols, MatType type) => new(() => new Mat(rows, cols, type, new Scalar(1)));

    /// <summary>One in the first channel, zero in the others.</summary>
    public static MatExpr Ones(Size size, MatType type) => Ones(size.Height, size.Width, type);

    /// <summary>One in the first channel, zero in the others.</summary>
    public static MatExpr Ones(MatType type, params int[] sizes) => new(() => new Mat(sizes, type, new Scalar(1)));

    public static MatExpr Eye(int rows, int cols, MatType type) => new(() =>
    {
        Shim.Check(Shim.mat_new_identity(rows, cols, type.Value, out var handle));
        return new Mat(handle);
    });

    public static MatExpr Eye(Size size, MatType type) => Eye(size.Height, size.Width, type);

    public void Release() => Dispose();

    /// <summary>A second Mat over the same memory.</summary>
    internal Mat Share()
    {
        ThrowIfDisposed();
        Shim.Check(Shim.mat_share(Handle, out var handle));
        return new Mat(handle.Pin(Handle.Pinned));
    }

    private static MatHandle Allocate(int[] sizes, MatType type)
    {
        Shim.Check(Shim.mat_new_sized(sizes.Length, sizes, type.Value, out var handle));
        return handle;
    }

    private static MatHandle Fill(int[] sizes, MatType type, Scalar value)
    {
        Shim.Check(Shim.mat_new_filled(sizes.Length, sizes, type.Value, value, out var handle));
        return handle;
    }

    private static MatHandle View(Mat m, params Range[] ranges)
    {
        ArgumentNullException.ThrowIfNull(m);
        m.ThrowIfDisposed();
        Shim.Check(Shim.mat_view(m.Handle, [.. ranges.SelectMany(r => new[] { r.Start, r.End })], ranges.Length, out var handle));
        return handle.Pin(m.Handle.Pinned);
    }

    private static Mat Over(Array data, Func<PinnedArray, MatHandle> create)
    {
        ArgumentNullException.ThrowIfNull(data);
        var pinned = new PinnedArray(data).Share();
        try
        {
            return new Mat(create(pinned).Pin(pinned));
        }
        finally
        {
            pinned.Release();
        }
    }

    private static void Require(Array data, PinnedArray pinned, long bytes)
    {
        if (bytes > pinned.Bytes)
            throw new ArgumentException($"The Mat needs {bytes} bytes, the array has {pinned.Bytes}", nameof(data));
    }

    private static int ElementSize(MatType type) => type.Channels * type.Depth switch
    {
        MatType.CV_8U or MatType.CV_8S => 1,
        MatType.CV_32S or MatType.CV_32F => 4,
        MatType.CV_64F => 8,
        _ => 2,
    };
}
