namespace OpenCvSharp.Tests;

public class ArithmeticTests
{
    [Fact]
    public void Bytes_saturate()
    {
        using var a = Bytes(10, 200);
        using var b = Bytes(20, 100);

        Assert.Equal([30, 255], Of(dst => Cv2.Add(a, b, dst)));
        Assert.Equal([0, 100], Of(dst => Cv2.Subtract(a, b, dst)));
        Assert.Equal([10, 100], Of(dst => Cv2.Absdiff(a, b, dst)));
        Assert.Equal([20, 255], Of(dst => Cv2.Multiply(a, b, dst, 0.1)));
        Assert.Equal([10, 100], Of(dst => Cv2.Min(a, b, dst)));
        Assert.Equal([15, 150], Of(dst => Cv2.AddWeighted(a, 0.5, b, 0.5, 0, dst)));
    }

    [Fact]
    public void Scaling_to_bytes_takes_the_absolute_value()
    {
        using var mat = Mat.FromPixelData(1, 2, MatType.CV_32FC1, new[] { -20f, 30f });

        Assert.Equal([41, 59], Of(dst => Cv2.ConvertScaleAbs(mat, dst, 2, -1)));
    }

    [Fact]
    public void Normalizing_to_a_range()
    {
        using var mat = Mat.FromPixelData(1, 3, MatType.CV_32FC1, new[] { -1f, 0f, 3f });
        using var dst = new Mat();

        Cv2.Normalize(mat, dst, 0, 255, NormTypes.MinMax, MatType.CV_8U);

        dst.GetArray(out byte[] values);
        Assert.Equal([0, 64, 255], values);
    }

    [Fact]
    public void Statistics_per_channel()
    {
        using var mat = new Mat(2, 2, MatType.CV_8UC3, new Scalar(1, 2, 3));
        mat.Set(1, 0, new Vec3b(5, 6, 7));

        Assert.Equal(new Scalar(8, 12, 16), Cv2.Sum(mat));
        Assert.Equal(new Scalar(2, 3, 4), Cv2.Mean(mat));
        Cv2.MeanStdDev(mat, out var mean, out var deviation);
        Assert.Equal(3, mean.Val1);
        Assert.Equal(Math.Sqrt(3), deviation.Val0, 9);
    }

    [Fact]
    public void Extremes_and_where_they_are()
    {
        using var mat = MatTests.Numbered(3, 4);
        mat.Set<byte>(0, 0, 5);

        Cv2.MinMaxLoc(mat, out var min, out var max, out var minAt, out var maxAt);

        Assert.Equal((1, 11), (min, max));
        Assert.Equal((new Point(1, 0), new Point(3, 2)), (minAt, maxAt));
        Assert.Equal(12, Cv2.CountNonZero(mat));
    }

    [Fact]
    public void Splitting_and_merging_are_inverse()
    {
        using var mat = new Mat(2, 3, MatType.CV_8UC3, new Scalar(1, 2, 3));
        using var merged = new Mat();

        var channels = Cv2.Split(mat);
        Cv2.Merge(channels, merged);

        Assert.Equal([1, 2, 3], channels.Select(c => (int)c.Get<byte>(1, 2)));
        Assert.Equal(0, Cv2.Norm(mat, merged));
        foreach (var channel in channels)
            channel.Dispose();
    }

    [Fact]
    public void Flips_rotations_and_joins()
    {
        using var mat = MatTests.Numbered(2, 3); // 0 1 2 / 3 4 5

        Assert.Equal([2, 1, 0, 5, 4, 3], Of(dst => Cv2.Flip(mat, dst, FlipMode.Y)));
        Assert.Equal([3, 4, 5, 0, 1, 2], Of(dst => Cv2.Flip(mat, dst, FlipMode.X)));
        Assert.Equal([3, 0, 4, 1, 5, 2], Of(dst => Cv2.Rotate(mat, dst, RotateFlags.Rotate90Clockwise)));
        Assert.Equal([0, 3, 1, 4, 2, 5], Of(dst => Cv2.Transpose(mat, dst)));
        Assert.Equal([0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5], Of(dst => Cv2.HConcat([mat, mat], dst)));
        Assert.Equal([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], Of(dst => Cv2.VConcat(mat, mat, dst)));
    }

    [Fact]
    public void Borders()
    {
        using var mat = Bytes(1, 2);

        Assert.Equal([9, 1, 2, 9, 9], Of(dst => Cv2.CopyMakeBorder(mat, dst, 0, 0, 1, 2, BorderTypes.Constant, new Scalar(9))));
        Assert.Equal([1, 1, 2, 2, 2], Of(dst => Cv2.CopyMakeBorder(mat, dst, 0, 0, 1, 2, BorderTypes.Replicate)));
    }

    private static Mat Bytes(params byte[] values) => Mat.FromPixelData(1, values.Length, MatType.CV_8UC1, values);

    private static byte[] Of(Action<Mat> write)
    {
        using var dst = new Mat();
        write(dst);
        dst.GetArray(out byte[] values);
        return values;
    }
}
