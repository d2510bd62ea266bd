namespace OpenCvSharp;

// Copies, conversions, and short forms of Cv2's functions.
public partial class Mat
{
    /// <summary>A Mat with its own copy of the elements.</summary>
    public Mat Clone()
    {
        ThrowIfDisposed();
        Shim.Check(Shim.mat_clone(Handle, out var handle));
        return new Mat(handle);
    }

    /// <summary>A copy of a part.</summary>
    public Mat Clone(Rect roi)
    {
        using var part = SubMat(roi);
        return part.Clone();
    }

    public void CopyTo(OutputArray m, InputArray? mask = null) => Cv2.Write(m, Shim.mat_copy_to(Live, Cv2.Out(m), Cv2.Optional(mask)));

    public void CopyTo(Mat m, InputArray? mask = null) => CopyTo((OutputArray)m, mask);

    /// <summary>Writes alpha * element + beta as another number type, saturating; the channels stay.</summary>
    public void ConvertTo(OutputArray m, MatType rtype, double alpha = 1, double beta = 0) =>
        Cv2.Write(m, Shim.mat_convert_to(Live, Cv2.Out(m), rtype.Value, alpha, beta));

    public Mat SetTo(Scalar value, Mat? mask = null)
    {
        using var array = InputArray.Create(value);
        return SetTo(array, mask);
    }

    public Mat SetTo(InputArray value, Mat? mask = null)
    {
        Shim.Check(Shim.mat_set_to(Live, Cv2.In(value), Cv2.Optional(mask)));
        return this;
    }

    /// <summary>Allocates anew, unless size and type are right already.</summary>
    public void Create(int rows, int cols, MatType type) => Create(type, rows, cols);

    public void Create(Size size, MatType type) => Create(type, size.Height, size.Width);

    public void Create(MatType type, params int[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Shim.Check(Shim.mat_create(Live, sizes.Length, sizes, type.Value));
        Handle.Account();
    }

    /// <summary>Size and type of this one, content undefined.</summary>
    public Mat EmptyClone() => new(Enumerable.Range(0, Dims).Select(Size), Type());

    public byte[] ToBytes(string ext = ".png", int[]? prms = null) => ImEncode(ext, prms);

    public byte[] ToBytes(string ext = ".png", params ImageEncodingParam[] prms) => ImEncode(ext, prms);

    public MemoryStream ToMemoryStream(string ext = ".png", params ImageEncodingParam[] prms)
    {
        var bytes = ImEncode(ext, prms);
        return new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true);
    }

    public void WriteToStream(Stream stream, string ext = ".png", params ImageEncodingParam[] prms)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ImEncode(ext, prms));
    }

    public byte[] ImEncode(string ext = ".png", int[]? prms = null)
    {
        Cv2.ImEncode(ext, this, out var bytes, prms);
        return bytes;
    }

    public byte[] ImEncode(string ext = ".png", params ImageEncodingParam[] prms) => ImEncode(ext, ImageEncodingParam.Flatten(prms));

    public bool ImWrite(string fileName, int[]? prms = null) => Cv2.ImWrite(fileName, this, prms);

    public bool ImWrite(string fileName, params ImageEncodingParam[] prms) => Cv2.ImWrite(fileName, this, prms);

    public bool SaveImage(string fileName, int[]? prms = null) => Cv2.ImWrite(fileName, this, prms);

    public bool SaveImage(string fileName, params ImageEncodingParam[] prms) => Cv2.ImWrite(fileName, this, prms);

    public Mat Resize(Size dsize, double fx = 0, double fy = 0, InterpolationFlags interpolation = InterpolationFlags.Linear) =>
        Result(dst => Cv2.Resize(this, dst, dsize, fx, fy, interpolation));

    public Mat CvtColor(ColorConversionCodes code, int dstCn = 0) => Result(dst => Cv2.CvtColor(this, dst, code, dstCn));

    public Mat Flip(FlipMode flipCode) => Result(dst => Cv2.Flip(this, dst, flipCode));

    public Mat Transpose() => Result(dst => Cv2.Transpose(this, dst));

    public Mat GaussianBlur(Size ksize, double sigmaX, double sigmaY = 0, BorderTypes borderType = BorderTypes.Default) =>
        Result(dst => Cv2.GaussianBlur(this, dst, ksize, sigmaX, sigmaY, borderType));

    public Mat Threshold(double thresh, double maxval, ThresholdTypes type) => Result(dst => Cv2.Threshold(this, dst, thresh, maxval, type));

    public Mat Normalize(double alpha = 1, double beta = 0, NormTypes normType = NormTypes.L2, int dtype = -1, InputArray? mask = null) =>
        Result(dst => Cv2.Normalize(this, dst, alpha, beta, normType, dtype, mask));

    public Mat[] Split() => Cv2.Split(this);

    public Scalar Sum() => Cv2.Sum(this);

    public Scalar Mean(InputArray? mask = null) => Cv2.Mean(this, mask);

    public int CountNonZero() => Cv2.CountNonZero(this);

    public void MinMaxLoc(out double minVal, out double maxVal) => Cv2.MinMaxLoc(this, out minVal, out maxVal);

    private MatHandle Live
    {
        get
        {
            ThrowIfDisposed();
            return Handle;
        }
    }

    private static Mat Result(Action<Mat> write)
    {
        var dst = new Mat();
        write(dst);
        return dst;
    }
}
