using System.Runtime.InteropServices;

namespace OpenCvSharp;

// Image files and encoded images in memory.
internal static partial class Shim
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int imgcodecs_read(string file, int flags, out MatHandle result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int imgcodecs_write(string file, IntPtr[] mats, int matCount, int[] parameters, int count, out int ok);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int imgcodecs_encode(string extension, MatHandle img, int[] parameters, int count, out BytesHandle result, out int ok);

    [LibraryImport(Library)]
    internal static partial int imgcodecs_decode(IntPtr data, int size, int flags, out MatHandle result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int imgcodecs_have_reader(string file, out int yes);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int imgcodecs_have_writer(string file, out int yes);
}
