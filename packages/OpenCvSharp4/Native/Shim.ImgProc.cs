using System.Runtime.InteropServices;

namespace OpenCvSharp;

// Geometry, colour and filters.
internal static partial class Shim
{
    [LibraryImport(Library)]
    internal static partial int imgproc_resize(MatHandle src, MatHandle dst, int width, int height, double fx, double fy, int interpolation);

    [LibraryImport(Library)]
    internal static partial int imgproc_cvt_color(MatHandle src, MatHandle dst, int code, int channels);

    [LibraryImport(Library)]
    internal static partial int imgproc_apply_color_map(MatHandle src, MatHandle dst, int map);

    [LibraryImport(Library)]
    internal static partial int imgproc_apply_own_color_map(MatHandle src, MatHandle dst, MatHandle colors);

    [LibraryImport(Library)]
    internal static partial int imgproc_gaussian_blur(MatHandle src, MatHandle dst, int width, int height, double sigmaX, double sigmaY, int border);

    [LibraryImport(Library)]
    internal static partial int imgproc_blur(MatHandle src, MatHandle dst, int width, int height, int anchorX, int anchorY, int border);

    [LibraryImport(Library)]
    internal static partial int imgproc_warp_affine(MatHandle src, MatHandle dst, MatHandle matrix, int width, int height, int flags, int border, Scalar value);

    [LibraryImport(Library)]
    internal static partial int imgproc_get_rotation_matrix_2d(float x, float y, double angle, double scale, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int imgproc_threshold(MatHandle src, MatHandle dst, double threshold, double max, int type, out double used);
}
