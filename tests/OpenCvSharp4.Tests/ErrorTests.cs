namespace OpenCvSharp.Tests;

public class ErrorTests
{
    [Fact]
    public void An_error_of_OpenCV_says_what_where_and_why()
    {
        using var mat = new Mat();
        using var dst = new Mat();

        var error = Assert.Throws<OpenCVException>(() => Cv2.Resize(mat, dst, new Size(2, 2)));

        Assert.Equal(ErrorCode.StsAssert, error.Status);
        Assert.Contains("ssize.empty()", error.Message);
        Assert.Equal(error.Message, error.ErrMsg);
        Assert.Equal("resize", error.FuncName);
        Assert.EndsWith("resize.cpp", error.FileName);
        Assert.True(error.Line > 0);
    }

    [Fact]
    public void Sizes_that_do_not_match_are_an_error()
    {
        using var a = new Mat(2, 2, MatType.CV_8UC1);
        using var b = new Mat(3, 3, MatType.CV_8UC1);
        using var dst = new Mat();

        Assert.Equal(ErrorCode.StsUnmatchedSizes, Assert.Throws<OpenCVException>(() => Cv2.Add(a, b, dst)).Status);
    }

    [Fact]
    public void A_view_outside_its_Mat_is_an_error()
    {
        using var mat = new Mat(4, 4, MatType.CV_8UC1);

        Assert.Throws<OpenCVException>(() => mat.SubMat(0, 5, 0, 4));
        Assert.Throws<OpenCVException>(() => mat[new Rect(2, 2, 4, 4)]);
        Assert.Throws<OpenCVException>(() => mat.Row(4));
    }

    [Fact]
    public void More_memory_than_there_is_is_an_error() =>
        Assert.Equal(ErrorCode.StsNoMem, Assert.Throws<OpenCVException>(() => new Mat(int.MaxValue, int.MaxValue, MatType.CV_64FC4)).Status);

    [Fact]
    public void A_disposed_Mat_refuses_everything()
    {
        var mat = new Mat(2, 2, MatType.CV_8UC1);
        using var other = new Mat();
        mat.Dispose();
        mat.Dispose();

        Assert.True(mat.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => mat.Rows);
        Assert.Throws<ObjectDisposedException>(() => mat.CvPtr);
        Assert.Throws<ObjectDisposedException>(() => mat.Clone());
        Assert.Throws<ObjectDisposedException>(() => mat.Get<byte>(0, 0));
        Assert.Throws<ObjectDisposedException>(() => Cv2.Flip(mat, other, FlipMode.X));
        Assert.Throws<ObjectDisposedException>(() => Cv2.Flip(other, mat, FlipMode.X));
        Assert.Throws<ObjectDisposedException>(() => Cv2.HConcat([mat, mat], other));
        Assert.Equal("Mat [disposed]", mat.ToString());
    }

    [Fact]
    public void Disposed_videos_refuse_too()
    {
        var capture = new VideoCapture();
        var writer = new VideoWriter();
        capture.Dispose();
        writer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => capture.IsOpened());
        Assert.Throws<ObjectDisposedException>(() => writer.IsOpened());
    }

    [Fact]
    public void Null_is_refused_by_name()
    {
        using var mat = new Mat();

        Assert.Throws<ArgumentNullException>(() => Cv2.Flip(null!, mat, FlipMode.X));
        Assert.Throws<ArgumentNullException>(() => Cv2.Merge(null!, mat));
        Assert.Throws<ArgumentNullException>(() => Cv2.Merge([mat, null!], mat));
    }
}
