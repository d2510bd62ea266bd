using System.Runtime.InteropServices;

namespace OpenCvSharp;

// cv::Mat: making, viewing, copying.
internal static partial class Shim
{
    [LibraryImport(Library)]
    internal static partial int mat_info(MatHandle m, out MatInfo info);

    [LibraryImport(Library)]
    internal static partial int mat_dimension(MatHandle m, int i, out int size, out long step);

    [LibraryImport(Library)]
    internal static partial long mat_owned_bytes(MatHandle m);

    [LibraryImport(Library)]
    internal static partial int mat_new(out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int mat_new_sized(int dims, int[] sizes, int type, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int mat_new_filled(int dims, int[] sizes, int type, Scalar value, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int mat_new_over_data(int rows, int cols, int type, IntPtr data, long step, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int mat_new_over_data_nd(int dims, int[] sizes, int type, IntPtr data, long[]? steps, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int mat_new_identity(int rows, int cols, int type, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int mat_share(MatHandle m, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int mat_clone(MatHandle m, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int mat_view(MatHandle m, int[] ranges, int count, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int mat_reshape(MatHandle m, int channels, int rows, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial int mat_reshape_nd(MatHandle m, int channels, int dims, int[] sizes, out MatHandle result);

    [LibraryImport(Library)]
    internal static partial void mat_delete(IntPtr m);

    [LibraryImport(Library)]
    internal static partial int mat_create(MatHandle m, int dims, int[] sizes, int type);

    [LibraryImport(Library)]
    internal static partial int mat_copy_to(MatHandle m, MatHandle dst, MatHandle mask);

    [LibraryImport(Library)]
    internal static partial int mat_convert_to(MatHandle m, MatHandle dst, int type, double alpha, double beta);

    [LibraryImport(Library)]
    internal static partial int mat_set_to(MatHandle m, MatHandle value, MatHandle mask);

    [LibraryImport(Library)]
    internal static partial int mat_pack(MatHandle m, IntPtr memory);

    [LibraryImport(Library)]
    internal static partial int mat_unpack(MatHandle m, IntPtr memory);
}
