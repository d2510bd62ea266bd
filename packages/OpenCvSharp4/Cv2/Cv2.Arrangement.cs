namespace OpenCvSharp;

// Channels, order and borders.
public static partial class Cv2
{
    /// <summary>Makes the channels of one array out of arrays of one channel each.</summary>
    public static void Merge(Mat[] mv, Mat dst)
    {
        ArgumentNullException.ThrowIfNull(mv);
        using var mats = new MatList(mv);
        Write(dst, Shim.core_merge(mats.Pointers, mats.Count, Out(dst)));
    }

    public static void Split(Mat src, out Mat[] mv)
    {
        ArgumentNullException.ThrowIfNull(src);
        mv = new Mat[src.Channels()];
        for (var i = 0; i < mv.Length; i++)
        {
            mv[i] = new Mat();
            ExtractChannel(src, mv[i], i);
        }
    }

    public static Mat[] Split(Mat src)
    {
        Split(src, out var channels);
        return channels;
    }

    public static void ExtractChannel(InputArray src, OutputArray dst, int coi) =>
        Write(dst, Shim.core_extract_channel(In(src), Out(dst), coi));

    public static void InsertChannel(InputArray src, InputOutputArray dst, int coi) =>
        Write(dst, Shim.core_insert_channel(In(src), Out(dst), coi));

    public static void Flip(InputArray src, OutputArray dst, FlipMode flipCode) =>
        Write(dst, Shim.core_flip(In(src), Out(dst), (int)flipCode));

    public static void Rotate(InputArray src, OutputArray dst, RotateFlags rotateCode) =>
        Write(dst, Shim.core_rotate(In(src), Out(dst), (int)rotateCode));

    public static void Transpose(InputArray src, OutputArray dst) =>
        Write(dst, Shim.core_transpose(In(src), Out(dst)));

    /// <summary>Puts arrays of equal height side by side.</summary>
    public static void HConcat(IEnumerable<Mat> src, OutputArray dst)
    {
        ArgumentNullException.ThrowIfNull(src);
        using var mats = new MatList(src);
        Write(dst, Shim.core_hconcat(mats.Pointers, mats.Count, Out(dst)));
    }

    public static void HConcat(InputArray src1, InputArray src2, OutputArray dst) => Concat(src1, src2, dst, HConcat);

    /// <summary>Puts arrays of equal width below each other.</summary>
    public static void VConcat(IEnumerable<Mat> src, OutputArray dst)
    {
        ArgumentNullException.ThrowIfNull(src);
        using var mats = new MatList(src);
        Write(dst, Shim.core_vconcat(mats.Pointers, mats.Count, Out(dst)));
    }

    public static void VConcat(InputArray src1, InputArray src2, OutputArray dst) => Concat(src1, src2, dst, VConcat);

    public static void CopyMakeBorder(InputArray src, OutputArray dst, int top, int bottom, int left, int right, BorderTypes borderType, Scalar? value = null) =>
        Write(dst, Shim.core_copy_make_border(In(src), Out(dst), top, bottom, left, right, (int)borderType, value ?? default));

    private static void Concat(InputArray src1, InputArray src2, OutputArray dst, Action<IEnumerable<Mat>, OutputArray> concat)
    {
        ArgumentNullException.ThrowIfNull(src1);
        ArgumentNullException.ThrowIfNull(src2);
        using var first = src1.GetMat();
        using var second = src2.GetMat();
        concat([first, second], dst);
    }
}
