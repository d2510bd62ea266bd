using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>The native library's functions; each returns 0, or 1 after noting what went wrong.</summary>
internal static partial class Shim
{
    private const string Library = "opencv_shim";

    /// <summary>Turns a failure into an exception that says what OpenCV said.</summary>
    public static void Check(int status)
    {
        if (status == 0)
            return;
        shim_last_error(out var code, out var function, out var message, out var file, out var line);
        throw new OpenCVException((ErrorCode)code, Text(function), Text(message), Text(file), line);
    }

    public static string Text(IntPtr utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";

    [LibraryImport(Library)]
    private static partial void shim_last_error(out int code, out IntPtr function, out IntPtr message, out IntPtr file, out int line);

    [LibraryImport(Library)]
    internal static partial int shim_version(out IntPtr text);

    [LibraryImport(Library)]
    internal static partial int shim_build_information(out IntPtr text);

    [LibraryImport(Library)]
    internal static partial int shim_set_num_threads(int count);

    [LibraryImport(Library)]
    internal static partial int shim_get_num_threads(out int count);

    [LibraryImport(Library)]
    internal static partial int shim_bytes_view(BytesHandle bytes, out IntPtr data, out nint size);

    [LibraryImport(Library)]
    internal static partial void shim_bytes_delete(IntPtr bytes);
}
