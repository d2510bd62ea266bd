namespace OpenCvSharp.Tests;

public class VideoTests
{
    private const int Frames = 24;
    private static readonly Size FrameSize = new(64, 48);

    [SkippableTheory]
    [InlineData("mp4v", "clip.mp4")]
    [InlineData("avc1", "clip.mp4")]
    [InlineData("H264", "clip.mp4")]
    [InlineData("MJPG", "clip.avi")]
    [InlineData("FFV1", "clip.avi")]
    public void What_is_written_can_be_read_back(string codec, string name)
    {
        using var folder = new Temporary();
        var file = folder.Path(name);
        Skip.IfNot(WriteClip(file, codec), $"this machine cannot write {codec}");

        using var capture = new VideoCapture(file);
        using var frame = new Mat();

        Assert.True(capture.IsOpened());
        Assert.Equal((FrameSize.Width, FrameSize.Height), (capture.FrameWidth, capture.FrameHeight));
        Assert.Equal(25, capture.Fps);
        Assert.Equal(Frames, capture.FrameCount);
        Assert.Equal(CaptureType.File, capture.CaptureType);
        for (var i = 0; i < Frames; i++)
        {
            Assert.True(capture.Read(frame), $"frame {i}");
            using var expected = Frame(i);
            Assert.True(Cv2.PSNR(expected, frame) > 28, $"frame {i}: {Cv2.PSNR(expected, frame)} dB");
        }
        Assert.False(capture.Read(frame));
        Assert.True(frame.Empty());
    }

    [Fact]
    public void Frames_can_be_sought_and_skipped()
    {
        using var folder = new Temporary();
        WriteClip(folder.Path("clip.avi"), "MJPG");
        using var capture = new VideoCapture(folder.Path("clip.avi"), VideoCaptureAPIs.FFMPEG);

        capture.PosFrames = 10;
        Assert.True(capture.Grab());
        Assert.True(capture.Grab());
        using var frame = capture.RetrieveMat();
        using var expected = Frame(11);

        Assert.True(Cv2.PSNR(expected, frame) > 28);
        Assert.Equal(12, capture.PosFrames);
        Assert.Equal("MJPG", capture.FourCC);
        Assert.Equal("FFMPEG", capture.GetBackendName());
    }

    [Fact]
    public void A_frame_is_read_into_the_memory_that_is_there()
    {
        using var folder = new Temporary();
        WriteClip(folder.Path("clip.avi"), "MJPG");
        using var capture = new VideoCapture(folder.Path("clip.avi"));
        using var frame = new Mat(FrameSize, MatType.CV_8UC3);
        var memory = frame.Data;

        Assert.True(capture.Read(frame));

        Assert.Equal(memory, frame.Data);
    }

    [Fact]
    public void Grey_videos_are_written_as_such()
    {
        using var folder = new Temporary();
        using (var writer = new VideoWriter(folder.Path("grey.avi"), FourCC.MJPG, 10, FrameSize, isColor: false))
        {
            Assert.True(writer.IsOpened());
            using var grey = new Mat(FrameSize, MatType.CV_8UC1, new Scalar(90));
            writer.Write(grey);
            writer.Write(grey);
        }
        using var capture = new VideoCapture(folder.Path("grey.avi"));
        using var frame = new Mat();

        Assert.True(capture.Read(frame));
        Assert.InRange(frame.Mean().Val1, 88, 92);
    }

    [Theory]
    [InlineData("text.mp4")]
    [InlineData("text.avi")]
    [InlineData("missing.mp4")]
    public void What_is_no_video_does_not_open(string name)
    {
        using var folder = new Temporary();
        if (name.StartsWith("text"))
            File.WriteAllText(folder.Path(name), string.Concat(Enumerable.Repeat("this is no video. ", 500)));

        using var capture = new VideoCapture(folder.Path(name), VideoCaptureAPIs.FFMPEG);
        using var frame = new Mat();

        Assert.False(capture.IsOpened());
        Assert.False(capture.Read(frame));
        Assert.False(capture.Grab());
    }

    [Fact]
    public void A_file_that_was_cut_off_ends_early_or_does_not_open()
    {
        using var folder = new Temporary();
        WriteClip(folder.Path("whole.avi"), "MJPG");
        File.WriteAllBytes(folder.Path("half.avi"), File.ReadAllBytes(folder.Path("whole.avi"))[..9000]);

        using var capture = new VideoCapture(folder.Path("half.avi"), VideoCaptureAPIs.FFMPEG);
        using var frame = new Mat();
        var read = 0;
        while (capture.Read(frame))
            read++;

        Assert.InRange(read, 0, Frames - 1);
    }

    [Fact]
    public void Exception_mode_says_why_a_file_does_not_open()
    {
        using var capture = new VideoCapture();
        capture.SetExceptionMode(true);

        Assert.True(capture.GetExceptionMode());
        Assert.Throws<OpenCVException>(() => capture.Open("missing.mp4", VideoCaptureAPIs.FFMPEG));
    }

    [Fact]
    public void A_writer_that_cannot_write_does_not_open()
    {
        using var folder = new Temporary();
        using var nowhere = new VideoWriter(folder.Path("no/such/folder.mp4"), VideoCaptureAPIs.FFMPEG, FourCC.MP4V, 25, FrameSize);
        using var unknown = new VideoWriter(folder.Path("clip.mp4"), VideoCaptureAPIs.FFMPEG, FourCC.FromString("????"), 25, FrameSize);
        using var frame = Frame(0);

        Assert.False(nowhere.IsOpened());
        Assert.False(unknown.IsOpened());
        nowhere.Write(frame);
    }

    [Fact]
    public void A_released_capture_can_open_another_file()
    {
        using var folder = new Temporary();
        WriteClip(folder.Path("clip.avi"), "MJPG");
        using var capture = VideoCapture.FromFile(folder.Path("clip.avi"));

        capture.Release();
        Assert.False(capture.IsOpened());
        Assert.True(capture.Open(folder.Path("clip.avi")));
    }

    [Fact]
    public void A_codec_is_a_number_with_four_letters()
    {
        Assert.Equal(0x47504A4D, VideoWriter.FourCC('M', 'J', 'P', 'G'));
        Assert.Equal(VideoWriter.FourCC("avc1"), FourCC.FromString("avc1").Value);
        Assert.Equal(FourCC.MJPG, VideoWriter.FourCC("MJPG"));
        Assert.Throws<ArgumentException>(() => FourCC.FromString("MJPEG"));
    }

    [Fact]
    public void Several_threads_read_files_of_their_own()
    {
        using var folder = new Temporary();
        WriteClip(folder.Path("clip.avi"), "MJPG");

        var counts = ParallelEnumerable.Range(0, 8).WithDegreeOfParallelism(4).Select(_ =>
        {
            using var capture = new VideoCapture(folder.Path("clip.avi"), VideoCaptureAPIs.FFMPEG);
            using var frame = new Mat();
            var read = 0;
            while (capture.Read(frame))
                read++;
            return read;
        });

        Assert.All(counts, count => Assert.Equal(Frames, count));
    }

    internal static bool WriteClip(string file, string codec)
    {
        using var writer = new VideoWriter(file, FourCC.FromString(codec), 25, FrameSize);
        for (var i = 0; i < Frames && writer.IsOpened(); i++)
        {
            using var frame = Frame(i);
            writer.Write(frame);
        }
        return writer.IsOpened();
    }

    // A disk that crosses a background which grows brighter: smooth enough for every codec.
    private static Mat Frame(int i)
    {
        var frame = new Mat(FrameSize, MatType.CV_8UC3, new Scalar(60 + (4 * i), 90, 150 - (3 * i)));
        Cv2.Circle(frame, new Point(8 + (2 * i), 24), 7, Scalar.All(200), -1, LineTypes.AntiAlias);
        return frame;
    }
}
