using System.Runtime.InteropServices;

namespace OpenCvSharp;

// Drawing onto an image.
internal static partial class Shim
{
    [LibraryImport(Library)]
    internal static partial int draw_line(MatHandle img, int x1, int y1, int x2, int y2, Scalar color, int thickness, int type, int shift);

    [LibraryImport(Library)]
    internal static partial int draw_arrowed_line(MatHandle img, int x1, int y1, int x2, int y2, Scalar color, int thickness, int type, int shift, double tipLength);

    [LibraryImport(Library)]
    internal static partial int draw_rectangle(MatHandle img, int x1, int y1, int x2, int y2, Scalar color, int thickness, int type, int shift);

    [LibraryImport(Library)]
    internal static partial int draw_rectangle_of(MatHandle img, int x, int y, int width, int height, Scalar color, int thickness, int type, int shift);

    [LibraryImport(Library)]
    internal static partial int draw_circle(MatHandle img, int x, int y, int radius, Scalar color, int thickness, int type, int shift);

    [LibraryImport(Library)]
    internal static partial int draw_ellipse(MatHandle img, int x, int y, int width, int height, double angle, double start, double end, Scalar color, int thickness, int type, int shift);

    [LibraryImport(Library)]
    internal static partial int draw_ellipse_in(MatHandle img, float x, float y, float width, float height, float angle, Scalar color, int thickness, int type);

    [LibraryImport(Library)]
    internal static partial int draw_marker(MatHandle img, int x, int y, Scalar color, int marker, int size, int thickness, int type);

    [LibraryImport(Library)]
    internal static partial int draw_fill_convex_poly(MatHandle img, Point[] points, int count, Scalar color, int type, int shift);

    [LibraryImport(Library)]
    internal static partial int draw_fill_poly(MatHandle img, Point[] points, int[] counts, int count, Scalar color, int type, int shift, int dx, int dy);

    [LibraryImport(Library)]
    internal static partial int draw_polylines(MatHandle img, Point[] points, int[] counts, int count, int closed, Scalar color, int thickness, int type, int shift);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int draw_text(MatHandle img, string text, int x, int y, int font, double scale, Scalar color, int thickness, int type, int bottomLeft);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int draw_text_size(string text, int font, double scale, int thickness, out int width, out int height, out int baseline);
}
