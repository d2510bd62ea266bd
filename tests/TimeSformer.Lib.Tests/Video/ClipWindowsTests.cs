using OpenCvSharp;

namespace TimeSformer.Tests.Video;

public sealed class ClipWindowsTests : TensorTests
{
    // 8 frames over 16 of 30 per second: a window of 0.533 seconds.
    private static readonly ClipFormat clip = new(8, 2, 32);

    [Fact]
    public void A_window_has_the_frames_of_a_clip_that_ends_at_its_time()
    {
        var path = Write(60);
        var windows = ClipWindows.Read(path, clip, every: 0.2).ToList();
        Assert.Equal([0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8, 2], windows.Select(window => Math.Round(window.Time, 6)));
        foreach (var window in windows)
        {
            double span = 16, start = Math.Round(window.Time * 30) - span;
            Assert.Equal(start / 30, window.From, tolerance: 1e-9);
            Assert.True(window.Frames.Equals(Clip(path, ClipSampler.Spread(60, start, span, 8))), $"the window that ends at {window.Time}");
        }
    }

    [Theory, InlineData(25), InlineData(29.97), InlineData(60), InlineData(7)]
    public void Frames_follow_the_rate_of_the_video(double rate)
    {
        var path = Write(90, rate);
        var last = ClipWindows.Read(path, clip, every: 1).TakeWhile(window => window.Time < 1.5).Last();
        double span = 16 / 30.0 * Info(path).FramesPerSecond, start = Info(path).FramesPerSecond - span;
        Assert.True(last.Frames.Equals(Clip(path, ClipSampler.Spread(90, start, span, 8))));
    }

    [Fact]
    public void Of_clips_that_cover_a_video_each_window_is_one()
    {
        var path = Write(60);
        var windows = ClipWindows.Read(path, clip with { SamplingRate = 0 }, every: 0.5, length: 1).ToList();
        Assert.Equal([(0, 1), (0.5, 1.5), (1, 2)], windows.Select(window => (window.From, window.Time)));
        int[] indices = [.. ClipSampler.Segments(30, 8, random: null).Select(index => 15 + index)];
        Assert.True(windows[1].Frames.Equals(Clip(path, indices)));
    }

    [Fact]
    public void Frames_are_scaled_and_cropped_as_in_evaluation()
    {
        var path = Write(16);
        var evaluated = VideoDataset.CenterClip(path, clip with { ShortSide = 40 });
        var window = Assert.Single(ClipWindows.Read(path, clip with { ShortSide = 40 }, every: 16 / 30.0));
        Assert.True(window.Frames.Equals(evaluated));
    }

    [Fact]
    public void A_file_that_was_cut_off_gives_its_windows_and_then_the_error()
    {
        var bytes = File.ReadAllBytes(Write(90, name: "whole.avi", codec: "MJPG"));
        File.WriteAllBytes(folder.File("cut.avi"), bytes[..(bytes.Length / 2)]);
        List<double> times = [];
        Assert.Refused<VideoException>("truncated", () =>
        {
            foreach (var window in ClipWindows.Read(folder.File("cut.avi"), clip, every: 0.25)) times.Add(window.Time);
        });
        Assert.Equal([0.75, 1, 1.25], times.Take(3));
        Assert.Equal(times, ClipWindows.Read(folder.File("cut.avi"), clip, 0.25, policy: new(AllowTruncated: true)).Select(w => w.Time));
    }

    [Theory]
    [InlineData("short.mp4", "the video has 0.4 seconds, but the first window ends at 1 s")]
    [InlineData("none.mp4", "file not found")]
    [InlineData("64", "this camera cannot be opened")]
    [InlineData("/dev/video64", "this camera cannot be opened")]
    public void What_cannot_be_streamed_is_named(string source, string said)
    {
        if (source == "short.mp4") Write(12, name: source);
        var path = source.EndsWith(".mp4") ? folder.File(source) : source;
        Assert.StartsWith(path, Assert.Refused<VideoException>(said, () => Assert.Empty(ClipWindows.Read(path, clip, every: 1))));
    }

    [Fact]
    public void Decoding_waits_for_a_slow_consumer_and_keeps_only_what_windows_need()
    {
        var source = new Endless(isLive: false);
        long before = LiveTensors.Settled();
        using (var windows = ClipWindows.Read(() => source, "endless", clip, 1, 4, default).GetEnumerator())
        {
            for (int n = 1; n < 100; n++)
            {
                Assert.True(windows.MoveNext());
                Assert.Equal(n, windows.Current.Time);
                windows.Current.Dispose();
                // One window is being offered while two are ready.
                Assert.InRange(source.Decoded, 0, 30 * (n + 4));
                Assert.InRange(Tensor.TotalCount - before, 0, 20);
            }
        }
        Assert.True(source.IsDisposed);
        Assert.Equal(before, LiveTensors.Settled());
    }

    [Fact]
    public void A_late_consumer_of_a_camera_gets_the_latest_window()
    {
        var source = new Endless(isLive: true, pauseAt: 30 * 50);
        using var windows = ClipWindows.Read(() => source, "camera", clip, 1, 4, default).GetEnumerator();
        Assert.True(windows.MoveNext());
        source.Pausing.Wait(); // 50 seconds have passed since
        Assert.True(windows.MoveNext());
        Assert.Equal(50, windows.Current.Time);
        source.Resume.Set();
    }

    [Fact]
    public void A_stream_ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var source = new Endless(isLive: false);
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var window in ClipWindows.Read(() => source, "endless", clip, 1, 4, cancel.Token)) cancel.Cancel();
        });
        Assert.True(source.IsDisposed);
    }

    private static VideoInfo Info(string path)
    {
        using var reader = VideoReader.Open(path);
        return reader.Info;
    }

    private static Tensor Clip(string path, int[] indices)
    {
        using var reader = VideoReader.Open(path);
        return new TestViews().Crop(reader.ReadFrames(_ => indices, clip.CropSize), clip).squeeze(0);
    }

    // The picture changes with each frame.
    private string Write(int frames, double rate = 30, string name = "video.mp4", string codec = "mp4v") => TestVideo.Write(
        folder.File(name), Enumerable.Range(0, frames).Select(k =>
        {
            var frame = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(20));
            Cv2.Circle(frame, new(4 + (k * 7 % 56), 6 + (k * 11 % 36)), 6, new Scalar(250 - (2 * k), 40, 2 * k), -1);
            return frame;
        }), codec, rate);

    // Frames without end; it stops for a while at one of them.
    private sealed class Endless(bool isLive, int pauseAt = -1) : IFrameSource
    {
        private int decoded;

        public double Rate => 30;

        public bool IsLive => isLive;

        public int Decoded => Volatile.Read(ref decoded);

        public bool IsDisposed { get; private set; }

        public ManualResetEventSlim Pausing { get; } = new();

        public ManualResetEventSlim Resume { get; } = new();

        public void Decode(Func<int, bool> isWanted, Action<int, Mat> onFrame)
        {
            using var frame = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(100));
            for (int index = 0; ; Volatile.Write(ref decoded, ++index))
            {
                if (index == pauseAt)
                {
                    Pausing.Set();
                    Resume.Wait();
                }
                if (isWanted(index)) onFrame(index, frame);
            }
        }

        public void Dispose() => IsDisposed = true;
    }
}
