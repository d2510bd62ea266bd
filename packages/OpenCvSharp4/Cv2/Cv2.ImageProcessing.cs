namespace OpenCvSharp;

// Geometry, colour and filters.
public static partial class Cv2
{
    /// <summary>To <paramref name="dsize"/>, or where that is empty, by the factors <paramref name="fx"/> and <paramref name="fy"/>.</summary>
    public static void Resize(InputArray src, OutputArray dst, Size dsize, double fx = 0, double fy = 0, InterpolationFlags interpolation = InterpolationFlags.Linear) =>
        Write(dst, Shim.imgproc_resize(In(src), Out(dst), dsize.Width, dsize.Height, fx, fy, (int)interpolation));

    public static void CvtColor(InputArray src, OutputArray dst, ColorConversionCodes code, int dstCn = 0) =>
        Write(dst, Shim.imgproc_cvt_color(In(src), Out(dst), (int)code, dstCn));

    /// <summary>Colours an 8-bit grey image.</summary>
    public static void ApplyColorMap(InputArray src, OutputArray dst, ColormapTypes colormap) =>
        Write(dst, Shim.imgproc_apply_color_map(In(src), Out(dst), (int)colormap));

    /// <summary>Colours by a table of 256 colours.</summary>
    public static void ApplyColorMap(InputArray src, OutputArray dst, InputArray userColor) =>
        Write(dst, Shim.imgproc_apply_own_color_map(In(src), Out(dst), In(userColor)));

    public static void GaussianBlur(InputArray src, OutputArray dst, Size ksize, double sigmaX, double sigmaY = 0, BorderTypes borderType = BorderTypes.Default) =>
        Write(dst, Shim.imgproc_gaussian_blur(In(src), Out(dst), ksize.Width, ksize.Height, sigmaX, sigmaY, (int)borderType));

    /// <summary>The mean over a box of pixels.</summary>
    public static void Blur(InputArray src, OutputArray dst, Size ksize, Point? anchor = null, BorderTypes borderType = BorderTypes.Default)
    {
        var (x, y) = anchor ?? new Point(-1, -1);
        Write(dst, Shim.imgproc_blur(In(src), Out(dst), ksize.Width, ksize.Height, x, y, (int)borderType));
    }

    /// <summary><paramref name="m"/> is a 2 x 3 matrix that maps source to destination positions, or back with <c>WarpInverseMap</c>.</summary>
    public static void WarpAffine(InputArray src, OutputArray dst, InputArray m, Size dsize, InterpolationFlags flags = InterpolationFlags.Linear, BorderTypes borderMode = BorderTypes.Constant, Scalar? borderValue = null) =>
        Write(dst, Shim.imgproc_warp_affine(In(src), Out(dst), In(m), dsize.Width, dsize.Height, (int)flags, (int)borderMode, borderValue ?? default));

    /// <summary>The matrix for a counter-clockwise rotation by <paramref name="angle"/> degrees.</summary>
    public static Mat GetRotationMatrix2D(Point2f center, double angle, double scale)
    {
        Shim.Check(Shim.imgproc_get_rotation_matrix_2d(center.X, center.Y, angle, scale, out var handle));
        return new Mat(handle);
    }

    /// <summary>Returns the threshold that was used, which <c>Otsu</c> and <c>Triangle</c> compute.</summary>
    public static double Threshold(InputArray src, OutputArray dst, double thresh, double maxval, ThresholdTypes type)
    {
        Write(dst, Shim.imgproc_threshold(In(src), Out(dst), thresh, maxval, (int)type, out var used));
        return used;
    }
}
