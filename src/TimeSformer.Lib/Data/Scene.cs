using OpenCvSharp;

namespace TimeSformer.Data;

/// <summary>One object before one background, and its path: what a procedural video shows at each moment.</summary>
internal sealed class Scene : IDisposable
{
    // Drawn this much larger and shrunk, so that edges are smooth and slow motion is visible.
    private const int Oversampling = 4;

    private readonly int size;
    private readonly Mat background;
    private readonly Corner[] outline;
    private readonly Scalar colour;
    private readonly Scalar? stripes;
    private readonly Func<double, Pose?> path;

    private Scene(int size, Mat background, Corner[] outline, Scalar colour, Scalar? stripes, Func<double, Pose?> path) =>
        (this.size, this.background, this.outline, this.colour, this.stripes, this.path) = (size, background, outline, colour, stripes, path);

    private Scene(int size, Mat background, Corner[] outline, Scalar colour, Scalar? stripes, Pose from, Pose to)
        : this(size, background, outline, colour, stripes, moment => from.Towards(to, moment))
    {
    }

    // Centre and radius as shares of the frame's size, angle in radians.
    private readonly record struct Pose(double X, double Y, double Radius, double Angle)
    {
        public Pose Towards(Pose other, double share) => new(
            X + ((other.X - X) * share), Y + ((other.Y - Y) * share), Radius + ((other.Radius - Radius) * share), Angle + ((other.Angle - Angle) * share));
    }

    /// <summary>A random scene of a class.</summary>
    public static Scene Draw(ProceduralFamily family, int label, int size, Random random)
    {
        double Between(double low, double high) => low + ((high - low) * random.NextDouble());
        var (dark, bright) = (Between(20, 80), Between(170, 235));
        Scalar Colour(double level) => new(Shade(level), Shade(level), Shade(level));
        double Shade(double level) => Math.Clamp(level + Between(-40, 40), 0, 255);
        var background = Background(size * Oversampling, Colour(dark), random);
        var colour = Colour(bright);

        if (family is ProceduralFamily.Appearance or ProceduralFamily.Stills)
        {
            var still = new Pose(Between(0.35, 0.65), Between(0.35, 0.65), Between(0.22, 0.32), Between(0, 2 * Math.PI));
            var moved = new Pose(Between(0.35, 0.65), Between(0.35, 0.65), Between(0.22, 0.32), still.Angle + Between(-1, 1));
            var outline = family is ProceduralFamily.Appearance ? Outlines.OfAppearance(label / 2) : Outlines.OfStills(label / 2);
            return new(size, background, outline, colour, label % 2 == 1 ? Colour(dark) : null, still, moved);
        }
        if (family is ProceduralFamily.Events)
        {
            // One event in each equal part of the video; the label's bits, the highest first, say on which side.
            var shown = Enumerable.Range(0, ProceduralVideos.EventsOfVideo).Select(k =>
            {
                bool right = (label >> (ProceduralVideos.EventsOfVideo - 1 - k) & 1) == 1;
                double start = (k + Between(0.05, 0.25)) / ProceduralVideos.EventsOfVideo;
                return (Start: start, End: start + (0.7 / ProceduralVideos.EventsOfVideo), Pose: new Pose(Between(0.18, 0.28) + (right ? 0.54 : 0), Between(0.25, 0.75), Between(0.2, 0.28), Between(0, 2 * Math.PI)));
            }).ToArray();
            return new(size, background, Outlines.OfAppearance(random.Next(4)), colour, null, moment => Array.Find(shown, one => one.Start <= moment && moment <= one.End) is { End: > 0 } one ? one.Pose : null);
        }

        var shape = Outlines.OfAppearance(random.Next(4));
        var pose = new Pose(Between(0.3, 0.7), Between(0.3, 0.7), Between(0.14, 0.24), Between(0, 2 * Math.PI));
        var (low, high) = (Between(0.1, 0.3), Between(0.7, 0.9));
        return (label / 2) switch
        {
            0 => new(size, background, shape, colour, null, pose with { X = low }, pose with { X = high }),
            1 => new(size, background, shape, colour, null, pose with { Y = low }, pose with { Y = high }),
            2 => new(size, background, shape, colour, null, pose with { Radius = Between(0.08, 0.12) }, pose with { Radius = Between(0.3, 0.4) }),
            _ => new(size, background, Outlines.Bar, colour, null, Centred(pose, random), Centred(pose, random) with { Angle = pose.Angle + Between(1.6, 2.6) }),
        };
    }

    private static Pose Centred(Pose pose, Random random) => pose with { X = 0.5 + (0.05 * random.NextDouble()), Y = 0.5 + (0.05 * random.NextDouble()), Radius = 0.4 };

    /// <summary>The picture at a moment, 0 to 1, as BGR of size x size pixels.</summary>
    public Mat Frame(double moment)
    {
        int large = size * Oversampling;
        using var picture = background.Clone();
        if (path(moment) is { } pose) Paint(picture, pose, large);
        var frame = new Mat();
        Cv2.Resize(picture, frame, new Size(size, size), interpolation: InterpolationFlags.Area);
        return frame;
    }

    public void Dispose() => background.Dispose();

    private void Paint(Mat picture, Pose pose, int large)
    {
        using var mask = new Mat(large, large, MatType.CV_8UC1, Scalar.All(0));
        var points = Array.ConvertAll(outline, point => Place(point, pose, large));
        Cv2.FillPoly(mask, [points], Scalar.All(255));
        using var paint = new Mat(large, large, MatType.CV_8UC3, colour);
        if (stripes is { } second)
        {
            // Stripes go with the object.
            for (int k = -5; k <= 5; k += 2)
            {
                Point[] stripe = [Place(new(-1.5, (k - 0.5) / 5), pose, large), Place(new(1.5, (k - 0.5) / 5), pose, large), Place(new(1.5, (k + 0.5) / 5), pose, large), Place(new(-1.5, (k + 0.5) / 5), pose, large)];
                Cv2.FillPoly(paint, [stripe], second);
            }
        }
        paint.CopyTo(picture, mask);
    }

    private static Point Place(Corner point, Pose pose, int large)
    {
        var (sin, cos) = Math.SinCos(pose.Angle);
        double x = pose.X + (pose.Radius * ((point.X * cos) - (point.Y * sin))), y = pose.Y + (pose.Radius * ((point.X * sin) + (point.Y * cos)));
        return new((int)Math.Round(x * large), (int)Math.Round(y * large));
    }

    // A colour with slow waves of brightness.
    private static Mat Background(int large, Scalar colour, Random random)
    {
        using var coarse = new Mat(4, 4, MatType.CV_8UC3);
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 4; x++)
            {
                int wave = random.Next(-25, 26);
                coarse.Set(y, x, new Vec3b(Byte(colour.Val0 + wave), Byte(colour.Val1 + wave), Byte(colour.Val2 + wave)));
            }
        }
        var background = new Mat();
        Cv2.Resize(coarse, background, new Size(large, large), interpolation: InterpolationFlags.Cubic);
        return background;
    }

    private static byte Byte(double value) => (byte)Math.Clamp(value, 0, 255);
}
