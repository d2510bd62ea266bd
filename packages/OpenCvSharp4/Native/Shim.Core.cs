using System.Runtime.InteropServices;

namespace OpenCvSharp;

// Arithmetic, statistics and rearrangement of arrays.
internal static partial class Shim
{
    [LibraryImport(Library)]
    internal static partial int core_add(MatHandle a, MatHandle b, MatHandle dst, MatHandle mask, int dtype);

    [LibraryImport(Library)]
    internal static partial int core_subtract(MatHandle a, MatHandle b, MatHandle dst, MatHandle mask, int dtype);

    [LibraryImport(Library)]
    internal static partial int core_multiply(MatHandle a, MatHandle b, MatHandle dst, double scale, int dtype);

    [LibraryImport(Library)]
    internal static partial int core_divide(MatHandle a, MatHandle b, MatHandle dst, double scale, int dtype);

    [LibraryImport(Library)]
    internal static partial int core_absdiff(MatHandle a, MatHandle b, MatHandle dst);

    [LibraryImport(Library)]
    internal static partial int core_min(MatHandle a, MatHandle b, MatHandle dst);

    [LibraryImport(Library)]
    internal static partial int core_max(MatHandle a, MatHandle b, MatHandle dst);

    [LibraryImport(Library)]
    internal static partial int core_bitwise_and(MatHandle a, MatHandle b, MatHandle dst, MatHandle mask);

    [LibraryImport(Library)]
    internal static partial int core_bitwise_or(MatHandle a, MatHandle b, MatHandle dst, MatHandle mask);

    [LibraryImport(Library)]
    internal static partial int core_bitwise_xor(MatHandle a, MatHandle b, MatHandle dst, MatHandle mask);

    [LibraryImport(Library)]
    internal static partial int core_bitwise_not(MatHandle a, MatHandle dst, MatHandle mask);

    [LibraryImport(Library)]
    internal static partial int core_compare(MatHandle a, MatHandle b, MatHandle dst, int relation);

    [LibraryImport(Library)]
    internal static partial int core_gemm(MatHandle a, MatHandle b, MatHandle dst);

    [LibraryImport(Library)]
    internal static partial int core_in_range(MatHandle src, MatHandle low, MatHandle high, MatHandle dst);

    [LibraryImport(Library)]
    internal static partial int core_add_weighted(MatHandle a, double alpha, MatHandle b, double beta, double gamma, MatHandle dst, int dtype);

    [LibraryImport(Library)]
    internal static partial int core_convert_scale_abs(MatHandle src, MatHandle dst, double alpha, double beta);

    [LibraryImport(Library)]
    internal static partial int core_normalize(MatHandle src, MatHandle dst, double alpha, double beta, int norm, int dtype, MatHandle mask);

    [LibraryImport(Library)]
    internal static partial int core_flip(MatHandle src, MatHandle dst, int mode);

    [LibraryImport(Library)]
    internal static partial int core_rotate(MatHandle src, MatHandle dst, int code);

    [LibraryImport(Library)]
    internal static partial int core_transpose(MatHandle src, MatHandle dst);

    [LibraryImport(Library)]
    internal static partial int core_merge(IntPtr[] mats, int count, MatHandle dst);

    [LibraryImport(Library)]
    internal static partial int core_hconcat(IntPtr[] mats, int count, MatHandle dst);

    [LibraryImport(Library)]
    internal static partial int core_vconcat(IntPtr[] mats, int count, MatHandle dst);

    [LibraryImport(Library)]
    internal static partial int core_extract_channel(MatHandle src, MatHandle dst, int channel);

    [LibraryImport(Library)]
    internal static partial int core_insert_channel(MatHandle src, MatHandle dst, int channel);

    [LibraryImport(Library)]
    internal static partial int core_copy_make_border(MatHandle src, MatHandle dst, int top, int bottom, int left, int right, int border, Scalar value);

    [LibraryImport(Library)]
    internal static partial int core_min_max_loc(MatHandle src, MatHandle mask, out double min, out double max, out Point minAt, out Point maxAt);

    [LibraryImport(Library)]
    internal static partial int core_mean(MatHandle src, MatHandle mask, out Scalar result);

    [LibraryImport(Library)]
    internal static partial int core_mean_std_dev(MatHandle src, MatHandle mask, out Scalar mean, out Scalar deviation);

    [LibraryImport(Library)]
    internal static partial int core_sum(MatHandle src, out Scalar result);

    [LibraryImport(Library)]
    internal static partial int core_count_non_zero(MatHandle src, out int result);

    [LibraryImport(Library)]
    internal static partial int core_norm(MatHandle src, int norm, MatHandle mask, out double result);

    [LibraryImport(Library)]
    internal static partial int core_norm_difference(MatHandle a, MatHandle b, int norm, MatHandle mask, out double result);

    [LibraryImport(Library)]
    internal static partial int core_psnr(MatHandle a, MatHandle b, double peak, out double result);
}
