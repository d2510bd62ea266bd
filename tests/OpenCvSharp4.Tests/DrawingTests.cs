namespace OpenCvSharp.Tests;

public class DrawingTests
{
    private static readonly Vec3b Yellow = Scalar.Yellow.ToVec3b();

    [Fact]
    public void Named_colours_are_in_the_order_blue_green_red()
    {
        Assert.Equal(new Scalar(0, 255, 255), Scalar.Yellow);
        Assert.Equal(new Scalar(3, 2, 1), Scalar.FromRgb(1, 2, 3));
    }

    [Fact]
    public void A_line_joins_its_ends() => Draws(
        img => Cv2.Line(img, new Point(2, 5), new Point(12, 5), Scalar.Yellow),
        covered: 11, inside: [(2, 5), (7, 5), (12, 5)], outside: [(1, 5), (13, 5), (7, 6)]);

    [Fact]
    public void A_rectangle_holds_both_corners() => Draws(
        img => Cv2.Rectangle(img, new Point(2, 3), new Point(6, 8), Scalar.Yellow, -1),
        covered: 5 * 6, inside: [(2, 3), (6, 8)], outside: [(7, 8), (6, 9)]);

    [Fact]
    public void A_Rect_ends_before_its_right_and_bottom() => Draws(
        img => Cv2.Rectangle(img, new Rect(2, 3, 5, 6), Scalar.Yellow, 1),
        covered: 2 * 5 + 2 * 4, inside: [(2, 3), (6, 8)], outside: [(4, 5), (7, 9)]);

    [Fact]
    public void A_filled_circle() => Draws(
        img => Cv2.Circle(img, new Point(10, 10), 4, Scalar.Yellow, -1),
        covered: null, inside: [(10, 10), (14, 10), (10, 6)], outside: [(15, 10), (14, 14)]);

    [Fact]
    public void A_filled_ellipse_is_wider_than_high() => Draws(
        img => Cv2.Ellipse(img, new Point(10, 10), new Size(8, 3), 0, 0, 360, Scalar.Yellow, -1),
        covered: null, inside: [(17, 10), (10, 12)], outside: [(10, 15), (19, 10)]);

    [Fact]
    public void An_ellipse_fits_its_box() => Draws(
        img => Cv2.Ellipse(img, new RotatedRect(new Point2f(10, 10), new Size2f(16, 6), 90), Scalar.Yellow, -1),
        covered: null, inside: [(10, 17), (12, 10)], outside: [(15, 10)]);

    [Fact]
    public void Polygons_are_filled_and_outlined()
    {
        Point[] triangle = [new(2, 2), new(12, 2), new(2, 12)];

        Draws(img => Cv2.FillConvexPoly(img, triangle, Scalar.Yellow), null, inside: [(4, 4), (2, 12)], outside: [(12, 12)]);
        Draws(img => Cv2.FillPoly(img, [triangle], Scalar.Yellow), null, inside: [(4, 4), (2, 12)], outside: [(12, 12)]);
        Draws(img => Cv2.Polylines(img, [triangle], true, Scalar.Yellow), null, inside: [(7, 7), (2, 7)], outside: [(4, 4)]);
        Draws(img => Cv2.Polylines(img, [triangle], false, Scalar.Yellow), null, inside: [(7, 7)], outside: [(2, 7)]);
    }

    [Fact]
    public void An_arrow_is_more_than_its_line() => Draws(
        img => Cv2.ArrowedLine(img, new Point(2, 10), new Point(17, 10), Scalar.Yellow, tipLength: 0.3),
        covered: null, inside: [(2, 10), (17, 10), (15, 8), (15, 12)], outside: [(5, 8)]);

    [Fact]
    public void Text_fits_the_size_announced()
    {
        var size = Cv2.GetTextSize("clip", HersheyFonts.HersheySimplex, 0.5, 1, out var baseline);
        using var img = new Mat(40, 60, MatType.CV_8UC3, Scalar.Black);

        Cv2.PutText(img, "clip", new Point(5, 20), HersheyFonts.HersheySimplex, 0.5, Scalar.Yellow);

        using var mask = img.CvtColor(ColorConversionCodes.BGR2GRAY);
        using var around = mask[20 - size.Height - 1, 20 + baseline + 1, 5, 5 + size.Width];
        Assert.True(mask.CountNonZero() > 20);
        Assert.Equal(mask.CountNonZero(), around.CountNonZero());
    }

    private static void Draws(Action<Mat> draw, int? covered, (int X, int Y)[] inside, (int X, int Y)[] outside)
    {
        using var img = new Mat(20, 20, MatType.CV_8UC3, Scalar.Black);
        draw(img);
        using var mask = img.CvtColor(ColorConversionCodes.BGR2GRAY);
        if (covered is not null)
            Assert.Equal(covered, mask.CountNonZero());
        Assert.All(inside, p => Assert.Equal(Yellow, img.Get<Vec3b>(p.Y, p.X)));
        Assert.All(outside, p => Assert.Equal(default, img.Get<Vec3b>(p.Y, p.X)));
    }
}
