namespace OpenCvSharp.Tests;

public class ImageProcessingTests
{
    [Fact]
    public void Resizing_by_area_averages()
    {
        using var mat = Mat.FromPixelData(2, 4, MatType.CV_8UC1, new byte[] { 0, 10, 20, 30, 40, 50, 60, 70 });
        using var half = new Mat();

        Cv2.Resize(mat, half, new Size(2, 1), interpolation: InterpolationFlags.Area);

        Assert.Equal((25, 45), (half.Get<byte>(0, 0), half.Get<byte>(0, 1)));
    }

    [Fact]
    public void Resizing_by_factors_and_to_the_nearest_pixel()
    {
        using var mat = MatTests.Numbered(1, 2);
        using var twice = new Mat();

        Cv2.Resize(mat, twice, default, 2, 2, InterpolationFlags.Nearest);

        twice.GetArray(out byte[] values);
        Assert.Equal([0, 0, 1, 1, 0, 0, 1, 1], values);
    }

    [Fact]
    public void Colours_are_blue_green_red_until_converted()
    {
        using var mat = new Mat(1, 1, MatType.CV_8UC3, Scalar.Red);
        using var rgb = mat.CvtColor(ColorConversionCodes.BGR2RGB);
        using var grey = mat.CvtColor(ColorConversionCodes.BGR2GRAY);
        using var hsv = mat.CvtColor(ColorConversionCodes.BGR2HSV);

        Assert.Equal(new Vec3b(255, 0, 0), rgb.Get<Vec3b>(0, 0));
        Assert.Equal(76, grey.Get<byte>(0, 0));
        Assert.Equal(new Vec3b(0, 255, 255), hsv.Get<Vec3b>(0, 0));
    }

    [Fact]
    public void A_rotation_matrix_keeps_the_centre_and_scales_the_rest()
    {
        using var matrix = Cv2.GetRotationMatrix2D(new Point2f(2, 2), 90, 1);
        using var mat = new Mat(5, 5, MatType.CV_8UC1, new Scalar(0));
        using var turned = new Mat();
        mat.Set<byte>(0, 2, 255);

        Cv2.WarpAffine(mat, turned, matrix, mat.Size(), InterpolationFlags.Nearest);

        Assert.Equal(255, turned.Get<byte>(2, 0));
        Assert.Equal(1, turned.CountNonZero());
    }

    [Fact]
    public void Blurring_keeps_the_mean_and_lowers_the_peak()
    {
        using var mat = new Mat(9, 9, MatType.CV_32FC1, new Scalar(0));
        using var blurred = new Mat();
        mat.Set(4, 4, 100f);

        Cv2.GaussianBlur(mat, blurred, new Size(5, 5), 1);

        Assert.Equal(100, blurred.Sum().Val0, 3);
        Assert.InRange(blurred.Get<float>(4, 4), 15, 18);
    }

    [Fact]
    public void A_colour_map_runs_from_its_first_colour_to_its_last()
    {
        using var ramp = Mat.FromPixelData(1, 256, MatType.CV_8UC1, Enumerable.Range(0, 256).Select(i => (byte)i).ToArray());
        using var colours = new Mat();

        Cv2.ApplyColorMap(ramp, colours, ColormapTypes.Jet);

        Assert.Equal(MatType.CV_8UC3, colours.Type());
        Assert.Equal(new Vec3b(128, 0, 0), colours.Get<Vec3b>(0, 0));
        Assert.Equal(new Vec3b(0, 0, 128), colours.Get<Vec3b>(0, 255));
    }

    [Fact]
    public void Otsu_finds_the_threshold()
    {
        using var mat = Mat.FromPixelData(1, 4, MatType.CV_8UC1, new byte[] { 10, 12, 200, 210 });
        using var binary = new Mat();

        var threshold = Cv2.Threshold(mat, binary, 0, 255, ThresholdTypes.Binary | ThresholdTypes.Otsu);

        Assert.InRange(threshold, 12, 199);
        Assert.Equal(2, binary.CountNonZero());
    }

    [Fact]
    public void The_number_of_threads_can_be_set()
    {
        var before = Cv2.GetNumThreads();

        Cv2.SetNumThreads(1);
        Assert.Equal(1, Cv2.GetNumThreads());

        Cv2.SetNumThreads(before);
    }

    [Fact]
    public void The_library_tells_what_it_is()
    {
        Assert.Matches(@"^4\.\d+\.\d+", Cv2.GetVersionString());
        Assert.Contains("Video I/O", Cv2.GetBuildInformation());
    }
}
