using OpenCvSharp;

namespace TimeSformer.Data;

/// <summary>The scene of a procedural video: one object that moves along a path in front of a background.</summary>
internal sealed class Scene(int size, Mat background, Corner[] outline, Scalar color, Scalar? stripes, Func<double, Pose?> path)
    : IDisposable
{
    // Frames are drawn larger by this factor and then shrunk, so that edges are smooth and slow motion is visible.
    private const int Oversampling = 4;

    /// <summary>Draws a random scene of a class.</summary>
    public static Scene Draw(ProceduralFamily family, int label, int size, Random random)
    {
        double Between(double low, double high) => low + ((high - low) * random.NextDouble());
        var (dark, bright) = (Between(20, 80), Between(170, 235));
        Scalar Color(double level) => new(Shade(level), Shade(level), Shade(level));
        double Shade(double level) => Math.Clamp(level + Between(-40, 40), 0, 255);
        var background = Background(size * Oversampling, Color(dark), random);
        var color = Color(bright);

        if (family is ProceduralFamily.Appearance or ProceduralFamily.Stills)
        {
            var still = new Pose(Between(0.35, 0.65), Between(0.35, 0.65), Between(0.22, 0.32), Between(0, 2 * Math.PI));
            var moved = new Pose(Between(0.35, 0.65), Between(0.35, 0.65), Between(0.22, 0.32), still.Angle + Between(-1, 1));
            var outline = (family is ProceduralFamily.Appearance ? Outlines.Appearance : Outlines.Stills)[label / 2];
            return new(size, background, outline, color, label % 2 == 1 ? Color(dark) : null, time => still.Lerp(moved, time));
        }
        if (family is ProceduralFamily.Events)
        {
            // One event in each equal part of the video; the label's bits, the highest first, select the sides.
            const int Count = ProceduralVideos.EventCount;
            var events = Enumerable.Range(0, Count).Select(k =>
            {
                bool right = (label >> (Count - 1 - k) & 1) == 1;
                double start = (k + Between(0.05, 0.25)) / Count, x = Between(0.18, 0.28) + (right ? 0.54 : 0);
                return (Start: start, End: start + (0.7 / Count),
                    Pose: new Pose(x, Between(0.25, 0.75), Between(0.2, 0.28), Between(0, 2 * Math.PI)));
            }).ToArray();
            return new(size, background, Outlines.Appearance[random.Next(4)], color, null, time =>
                Array.Find(events, shown => shown.Start <= time && time <= shown.End) is { End: > 0 } shown ? shown.Pose : null);
        }

        var shape = Outlines.Appearance[random.Next(4)];
        var pose = new Pose(Between(0.3, 0.7), Between(0.3, 0.7), Between(0.14, 0.24), Between(0, 2 * Math.PI));
        var (low, high) = (Between(0.1, 0.3), Between(0.7, 0.9));
        return (label / 2) switch
        {
            0 => Moving(shape, pose with { X = low }, pose with { X = high }),
            1 => Moving(shape, pose with { Y = low }, pose with { Y = high }),
            2 => Moving(shape, pose with { Radius = Between(0.08, 0.12) }, pose with { Radius = Between(0.3, 0.4) }),
            _ => Moving(Outlines.Bar, Centered(), Centered() with { Angle = pose.Angle + Between(1.6, 2.6) }),
        };

        Scene Moving(Corner[] outline, Pose from, Pose to) => new(size, background, outline, color, null, time => from.Lerp(to, time));
        Pose Centered() => pose with { X = 0.5 + (0.05 * random.NextDouble()), Y = 0.5 + (0.05 * random.NextDouble()), Radius = 0.4 };
    }

    /// <summary>Renders the frame (BGR, size x size pixels) at a time from 0 to 1.</summary>
    public Mat Frame(double time)
    {
        int large = size * Oversampling;
        using var picture = background.Clone();
        if (path(time) is { } pose) Paint(picture, pose, large);
        var frame = new Mat();
        Cv2.Resize(picture, frame, new Size(size, size), interpolation: InterpolationFlags.Area);
        return frame;
    }

    /// <summary>The box around the object at a time from 0 to 1, in fractions of the frame's sides; null if there is none.</summary>
    public Box? BoxAt(double time)
    {
        if (path(time) is not { } pose) return null;
        const int fine = 4096;
        var corners = Array.ConvertAll(outline, corner => ToPixel(corner, pose, fine));
        double Side(int pixel) => Math.Clamp((double)pixel / fine, 0, 1);
        return new(
            Side(corners.Min(corner => corner.X)), Side(corners.Min(corner => corner.Y)),
            Side(corners.Max(corner => corner.X)), Side(corners.Max(corner => corner.Y)));
    }

    public void Dispose() => background.Dispose();

    private void Paint(Mat picture, Pose pose, int large)
    {
        using var mask = new Mat(large, large, MatType.CV_8UC1, Scalar.All(0));
        var points = Array.ConvertAll(outline, corner => ToPixel(corner, pose, large));
        Cv2.FillPoly(mask, [points], Scalar.All(255));
        using var paint = new Mat(large, large, MatType.CV_8UC3, color);
        if (stripes is { } second)
        {
            // Stripes move with the object.
            for (int k = -5; k <= 5; k += 2)
            {
                double top = (k - 0.5) / 5, bottom = (k + 0.5) / 5;
                Corner[] stripe = [new(-1.5, top), new(1.5, top), new(1.5, bottom), new(-1.5, bottom)];
                Cv2.FillPoly(paint, [Array.ConvertAll(stripe, corner => ToPixel(corner, pose, large))], second);
            }
        }
        paint.CopyTo(picture, mask);
    }

    private static Point ToPixel(Corner corner, Pose pose, int large)
    {
        var (sin, cos) = Math.SinCos(pose.Angle);
        double x = pose.X + (pose.Radius * ((corner.X * cos) - (corner.Y * sin)));
        double y = pose.Y + (pose.Radius * ((corner.X * sin) + (corner.Y * cos)));
        return new((int)Math.Round(x * large), (int)Math.Round(y * large));
    }

    // A color with smooth random variations of brightness.
    private static Mat Background(int large, Scalar color, Random random)
    {
        using var coarse = new Mat(4, 4, MatType.CV_8UC3);
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 4; x++)
            {
                int shift = random.Next(-25, 26);
                coarse.Set(y, x, new Vec3b(Byte(color.Val0 + shift), Byte(color.Val1 + shift), Byte(color.Val2 + shift)));
            }
        }
        var background = new Mat();
        Cv2.Resize(coarse, background, new Size(large, large), interpolation: InterpolationFlags.Cubic);
        return background;
    }

    private static byte Byte(double value) => (byte)Math.Clamp(value, 0, 255);
}

/// <summary>The center and radius of an object as fractions of the frame's size, its angle in radians.</summary>
internal readonly record struct Pose(double X, double Y, double Radius, double Angle)
{
    public Pose Lerp(Pose other, double t) => new(
        X + ((other.X - X) * t), Y + ((other.Y - Y) * t), Radius + ((other.Radius - Radius) * t), Angle + ((other.Angle - Angle) * t));
}

/// <summary>A corner of an outline, in units of the outline's radius.</summary>
internal readonly record struct Corner(double X, double Y);

/// <summary>The outlines of the objects in procedural videos, with a radius of about one.</summary>
internal static class Outlines
{
    /// <summary>Disc, square, triangle, cross.</summary>
    public static Corner[][] Appearance { get; } =
    [
        Polygon(48, 0.9), Polygon(4, 1.1), Polygon(3, 1.15),
        Closed(
            (-0.3, -1), (0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3),
            (0.3, 1), (-0.3, 1), (-0.3, 0.3), (-1, 0.3), (-1, -0.3), (-0.3, -0.3)),
    ];

    /// <summary>Star, bar, half disc, L, T, arrow.</summary>
    public static Corner[][] Stills { get; } =
    [
        Star(5), Bar, [.. Polygon(48, 1.1).Where(corner => corner.Y >= 0)],
        Closed((-0.7, -1), (-0.1, -1), (-0.1, 0.4), (0.8, 0.4), (0.8, 1), (-0.7, 1)),
        Closed((-0.9, -0.9), (0.9, -0.9), (0.9, -0.3), (0.3, -0.3), (0.3, 1), (-0.3, 1), (-0.3, -0.3), (-0.9, -0.3)),
        Closed((1.1, 0), (0.2, 0.9), (0.2, 0.3), (-1, 0.3), (-1, -0.3), (0.2, -0.3), (0.2, -0.9)),
    ];

    /// <summary>A bar, about 4.5 times as long as wide.</summary>
    public static Corner[] Bar => [new(-1, -0.22), new(1, -0.22), new(1, 0.22), new(-1, 0.22)];

    private static Corner[] Closed(params (double X, double Y)[] corners) =>
        Array.ConvertAll(corners, corner => new Corner(corner.X, corner.Y));

    private static Corner[] Polygon(int corners, double radius) =>
        [.. Enumerable.Range(0, corners).Select(k => 2 * Math.PI * k / corners)
            .Select(angle => new Corner(radius * Math.Cos(angle), radius * Math.Sin(angle)))];

    private static Corner[] Star(int points) =>
        [.. Polygon(2 * points, 1.15).Select((corner, k) => k % 2 == 0 ? corner : new Corner(0.45 * corner.X, 0.45 * corner.Y))];
}
