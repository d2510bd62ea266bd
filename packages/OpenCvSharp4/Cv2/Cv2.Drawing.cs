namespace OpenCvSharp;

// Drawing onto an image. A negative thickness fills; `shift` is the number of fractional bits in coordinates.
public static partial class Cv2
{
    public static void Line(InputOutputArray img, int pt1X, int pt1Y, int pt2X, int pt2Y, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Shim.Check(Shim.draw_line(Out(img), pt1X, pt1Y, pt2X, pt2Y, color, thickness, (int)lineType, shift));

    public static void Line(InputOutputArray img, Point pt1, Point pt2, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Line(img, pt1.X, pt1.Y, pt2.X, pt2.Y, color, thickness, lineType, shift);

    /// <summary>The tip lies at <paramref name="pt2"/>; its length is a share of the line's.</summary>
    public static void ArrowedLine(InputOutputArray img, Point pt1, Point pt2, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0, double tipLength = 0.1) =>
        Shim.Check(Shim.draw_arrowed_line(Out(img), pt1.X, pt1.Y, pt2.X, pt2.Y, color, thickness, (int)lineType, shift, tipLength));

    /// <summary>Both corners belong to the rectangle.</summary>
    public static void Rectangle(InputOutputArray img, Point pt1, Point pt2, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Shim.Check(Shim.draw_rectangle(Out(img), pt1.X, pt1.Y, pt2.X, pt2.Y, color, thickness, (int)lineType, shift));

    public static void Rectangle(InputOutputArray img, Rect rect, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Shim.Check(Shim.draw_rectangle_of(Out(img), rect.X, rect.Y, rect.Width, rect.Height, color, thickness, (int)lineType, shift));

    public static void Circle(InputOutputArray img, int centerX, int centerY, int radius, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Shim.Check(Shim.draw_circle(Out(img), centerX, centerY, radius, color, thickness, (int)lineType, shift));

    public static void Circle(InputOutputArray img, Point center, int radius, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Circle(img, center.X, center.Y, radius, color, thickness, lineType, shift);

    /// <summary><paramref name="axes"/> are half-axes, angles are degrees clockwise.</summary>
    public static void Ellipse(InputOutputArray img, Point center, Size axes, double angle, double startAngle, double endAngle, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Shim.Check(Shim.draw_ellipse(Out(img), center.X, center.Y, axes.Width, axes.Height, angle, startAngle, endAngle, color, thickness, (int)lineType, shift));

    /// <summary>The ellipse that fits into a box.</summary>
    public static void Ellipse(InputOutputArray img, RotatedRect box, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8) =>
        Shim.Check(Shim.draw_ellipse_in(Out(img), box.Center.X, box.Center.Y, box.Size.Width, box.Size.Height, box.Angle, color, thickness, (int)lineType));

    public static void DrawMarker(InputOutputArray img, Point position, Scalar color, MarkerTypes markerType = MarkerTypes.Cross, int markerSize = 20, int thickness = 1, LineTypes lineType = LineTypes.Link8) =>
        Shim.Check(Shim.draw_marker(Out(img), position.X, position.Y, color, (int)markerType, markerSize, thickness, (int)lineType));

    public static void FillConvexPoly(Mat img, IEnumerable<Point> pts, Scalar color, LineTypes lineType = LineTypes.Link8, int shift = 0)
    {
        ArgumentNullException.ThrowIfNull(pts);
        Point[] points = [.. pts];
        Shim.Check(Shim.draw_fill_convex_poly(Out(img), points, points.Length, color, (int)lineType, shift));
    }

    /// <summary>What several polygons enclose; where two overlap is outside again.</summary>
    public static void FillPoly(Mat img, IEnumerable<IEnumerable<Point>> pts, Scalar color, LineTypes lineType = LineTypes.Link8, int shift = 0, Point? offset = null)
    {
        var (points, counts) = Flatten(pts);
        var (dx, dy) = offset ?? default;
        Shim.Check(Shim.draw_fill_poly(Out(img), points, counts, counts.Length, color, (int)lineType, shift, dx, dy));
    }

    public static void Polylines(Mat img, IEnumerable<IEnumerable<Point>> pts, bool isClosed, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0)
    {
        var (points, counts) = Flatten(pts);
        Shim.Check(Shim.draw_polylines(Out(img), points, counts, counts.Length, isClosed ? 1 : 0, color, thickness, (int)lineType, shift));
    }

    /// <summary><paramref name="org"/> is the left end of the text's base line; only ASCII has glyphs.</summary>
    public static void PutText(InputOutputArray img, string text, Point org, HersheyFonts fontFace, double fontScale, Scalar color, int thickness = 1, LineTypes lineType = LineTypes.Link8, bool bottomLeftOrigin = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        Shim.Check(Shim.draw_text(Out(img), text, org.X, org.Y, (int)fontFace, fontScale, color, thickness, (int)lineType, bottomLeftOrigin ? 1 : 0));
    }

    /// <summary>Width and height above the base line; <paramref name="baseLine"/> is what reaches below it.</summary>
    public static Size GetTextSize(string text, HersheyFonts fontFace, double fontScale, int thickness, out int baseLine)
    {
        ArgumentNullException.ThrowIfNull(text);
        Shim.Check(Shim.draw_text_size(text, (int)fontFace, fontScale, thickness, out var width, out var height, out baseLine));
        return new Size(width, height);
    }

    private static (Point[] Points, int[] Counts) Flatten(IEnumerable<IEnumerable<Point>> polygons)
    {
        ArgumentNullException.ThrowIfNull(polygons);
        Point[][] all = [.. polygons.Select(p => p.ToArray())];
        return ([.. all.SelectMany(p => p)], [.. all.Select(p => p.Length)]);
    }
}
