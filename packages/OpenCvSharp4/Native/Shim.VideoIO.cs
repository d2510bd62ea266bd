using System.Runtime.InteropServices;

namespace OpenCvSharp;

// Video files and cameras.
internal static partial class Shim
{
    [LibraryImport(Library)]
    internal static partial int capture_new(out CaptureHandle result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int capture_open_file(CaptureHandle capture, string file, int api, int[] parameters, int count, out int ok);

    [LibraryImport(Library)]
    internal static partial int capture_open_camera(CaptureHandle capture, int index, int api, int[] parameters, int count, out int ok);

    [LibraryImport(Library)]
    internal static partial int capture_is_opened(CaptureHandle capture, out int yes);

    [LibraryImport(Library)]
    internal static partial int capture_grab(CaptureHandle capture, out int ok);

    [LibraryImport(Library)]
    internal static partial int capture_retrieve(CaptureHandle capture, MatHandle image, int stream, out int ok);

    [LibraryImport(Library)]
    internal static partial int capture_read(CaptureHandle capture, MatHandle image, out int ok);

    [LibraryImport(Library)]
    internal static partial int capture_get(CaptureHandle capture, int property, out double value);

    [LibraryImport(Library)]
    internal static partial int capture_set(CaptureHandle capture, int property, double value, out int ok);

    [LibraryImport(Library)]
    internal static partial int capture_backend_name(CaptureHandle capture, out IntPtr name);

    [LibraryImport(Library)]
    internal static partial int capture_set_exception_mode(CaptureHandle capture, int enable);

    [LibraryImport(Library)]
    internal static partial int capture_get_exception_mode(CaptureHandle capture, out int enabled);

    [LibraryImport(Library)]
    internal static partial int capture_release(CaptureHandle capture);

    [LibraryImport(Library)]
    internal static partial void capture_delete(IntPtr capture);

    [LibraryImport(Library)]
    internal static partial int writer_new(out WriterHandle result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int writer_open(WriterHandle writer, string file, int api, int fourcc, double fps, int width, int height, int[] parameters, int count, out int ok);

    [LibraryImport(Library)]
    internal static partial int writer_is_opened(WriterHandle writer, out int yes);

    [LibraryImport(Library)]
    internal static partial int writer_write(WriterHandle writer, MatHandle image);

    [LibraryImport(Library)]
    internal static partial int writer_get(WriterHandle writer, int property, out double value);

    [LibraryImport(Library)]
    internal static partial int writer_set(WriterHandle writer, int property, double value, out int ok);

    [LibraryImport(Library)]
    internal static partial int writer_backend_name(WriterHandle writer, out IntPtr name);

    [LibraryImport(Library)]
    internal static partial int writer_release(WriterHandle writer);

    [LibraryImport(Library)]
    internal static partial void writer_delete(IntPtr writer);
}
