namespace OpenCvSharp.Tests;

public class GeometryTests
{
    [Fact]
    public void Rectangles_intersect_and_unite()
    {
        var a = new Rect(0, 0, 10, 10);
        var b = new Rect(5, 5, 10, 10);

        Assert.Equal(new Rect(5, 5, 5, 5), a & b);
        Assert.Equal(new Rect(0, 0, 15, 15), a | b);
        Assert.Equal(default, a.Intersect(new Rect(20, 20, 1, 1)));
        Assert.True(a.IntersectsWith(b));
        Assert.True(a.Contains(9, 9));
        Assert.False(a.Contains(10, 9));
        Assert.Equal((new Point(5, 5), new Point(15, 15)), (b.TopLeft, b.BottomRight));
    }

    [Fact]
    public void Points_calculate()
    {
        Assert.Equal(new Point(4, 6), new Point(1, 2) + new Point(3, 4));
        Assert.Equal(5, new Point(0, 0).DistanceTo(new Point(3, 4)));
        Assert.Equal(new Point2f(0.5f, 1), new Point2f(1, 2) * 0.5);
        Assert.Equal(new Point(1, 2), new Point(1.9, 2.1));
        Point2f widened = new Point(3, 4);
        Assert.Equal(4f, widened.Y);
    }

    [Fact]
    public void Pixels_saturate()
    {
        Assert.Equal(new Vec3b(255, 0, 30), new Vec3b(200, 10, 10) + new Vec3b(100, 0, 20) - new Vec3b(0, 20, 0));
        Assert.Equal(new Vec3b(20, 255, 0), new Vec3b(10, 200, 0) * 2);
        var (blue, green, red) = new Vec3b(1, 2, 3);
        Assert.Equal((1, 2, 3), (blue, green, red));
    }

    [Fact]
    public void The_corners_of_a_turned_rectangle()
    {
        var corners = new RotatedRect(new Point2f(10, 10), new Size2f(4, 2), 0).Points();

        Assert.Equal([new(8, 11), new(8, 9), new(12, 9), new(12, 11)], corners);
    }
}
