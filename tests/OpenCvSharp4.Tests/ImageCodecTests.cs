namespace OpenCvSharp.Tests;

public class ImageCodecTests
{
    [Fact]
    public void Png_keeps_every_pixel()
    {
        using var mat = Gradient();

        var bytes = mat.ToBytes();
        using var back = Mat.FromImageData(bytes);

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
        Assert.Equal(0, Cv2.Norm(mat, back));
    }

    [Fact]
    public void Jpeg_gets_larger_and_closer_with_quality()
    {
        using var mat = Gradient();

        var coarse = mat.ToBytes(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, 20));
        Cv2.ImEncode(".jpg", mat, out var fine, [(int)ImwriteFlags.JpegQuality, 95]);
        using var back = Cv2.ImDecode(fine, ImreadModes.Color);

        Assert.True(coarse.Length < fine.Length);
        Assert.True(Cv2.PSNR(mat, back) > 35);
    }

    [Fact]
    public void Files_are_written_and_read()
    {
        using var folder = new Temporary();
        using var mat = Gradient();

        Assert.True(Cv2.ImWrite(folder.Path("a.png"), mat));
        using var back = Cv2.ImRead(folder.Path("a.png"));
        using var grey = new Mat(folder.Path("a.png"), ImreadModes.Grayscale);
        using var small = Cv2.ImRead(folder.Path("a.png"), ImreadModes.ReducedColor2);

        Assert.Equal(0, Cv2.Norm(mat, back));
        Assert.Equal(MatType.CV_8UC1, grey.Type());
        Assert.Equal(new Size(32, 24), small.Size());
    }

    [Fact]
    public void A_stream_can_hold_an_image()
    {
        using var mat = Gradient();
        using var stream = mat.ToMemoryStream(".bmp");
        using var back = Mat.FromStream(stream, ImreadModes.Color);

        Assert.Equal(0, Cv2.Norm(mat, back));
    }

    [Fact]
    public void What_is_no_image_gives_an_empty_Mat()
    {
        using var folder = new Temporary();
        File.WriteAllText(folder.Path("no.png"), "no image");

        using var missing = Cv2.ImRead(folder.Path("missing.png"));
        using var broken = Cv2.ImRead(folder.Path("no.png"));
        using var bytes = Cv2.ImDecode([1, 2, 3], ImreadModes.Color);

        Assert.True(missing.Empty());
        Assert.True(broken.Empty());
        Assert.True(bytes.Empty());
    }

    [Fact]
    public void An_unknown_extension_is_an_error()
    {
        using var mat = Gradient();

        Assert.Throws<OpenCVException>(() => Cv2.ImWrite("image.nonsense", mat));
        Assert.Throws<OpenCVException>(() => mat.ToBytes(".nonsense"));
    }

    internal static Mat Gradient()
    {
        var mat = new Mat(48, 64, MatType.CV_8UC3);
        for (var y = 0; y < mat.Rows; y++)
        {
            for (var x = 0; x < mat.Cols; x++)
                mat.Set(y, x, new Vec3b((byte)(4 * x), (byte)(5 * y), (byte)(2 * (x + y))));
        }
        return mat;
    }
}
