using OpenCvSharp;
using TimeSformer.Data;
using TimeSformer.Video;

namespace TimeSformer.Tests.Video;

public sealed class VideoReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Frames_come_in_the_order_asked_for_and_may_repeat()
    {
        var path = WriteGrey(20);
        using var reader = VideoReader.Open(path);
        Assert.Equal((64, 48, 20), (reader.Info.Width, reader.Info.Height, reader.Info.FrameCount));
        using var frames = reader.ReadFrames(_ => [13, 2, 2, 19]);
        Assert.Equal([4, 48, 64, 3], frames.shape);
        // The n-th frame is a grey of 10 + 12 n; the encoder of OpenCvSharp's package moves it by up to 4, and within 5 it is no other frame's.
        Assert.All(new[] { 13, 2, 2, 19 }.Zip(Greys(frames)), pair => Assert.InRange(pair.Second, (12 * pair.First) + 5, (12 * pair.First) + 15));
    }

    [Fact]
    public void A_reader_can_be_asked_again_for_earlier_frames()
    {
        using var reader = VideoReader.Open(WriteGrey(12));
        reader.ReadFrames(_ => [11]).Dispose();
        using var frames = reader.ReadFrames(_ => [0, 5]);
        Assert.InRange(Greys(frames)[1] - Greys(frames)[0], 55, 65);
    }

    [Fact]
    public void Times_choose_the_frame_shown_then()
    {
        using var reader = VideoReader.Open(WriteGrey(20));
        using var byTime = reader.ReadFramesAt([0, 10.2 / 30, 99]);
        using var byIndex = reader.ReadFrames(_ => [0, 10, 19]);
        Assert.True(byTime.Equals(byIndex));
    }

    [Fact]
    public void Colours_are_red_green_blue()
    {
        var path = folder.File("red.mp4");
        using (var writer = new VideoWriter(path, FourCC.FromString("mp4v"), 30, new Size(64, 48)))
        using (var red = new Mat(48, 64, MatType.CV_8UC3, new Scalar(0, 0, 255)))
        {
            for (int k = 0; k < 4; k++) writer.Write(red);
        }
        using var reader = VideoReader.Open(path);
        using var frames = reader.ReadFrames(_ => [1]);
        var pixel = frames.bytes[..3].ToArray();
        Assert.True(pixel[0] > 200 && pixel[1] < 60 && pixel[2] < 60, string.Join(',', pixel));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("this is text", "no video stream")]
    public void What_is_no_video_is_named_with_its_cause(string content, string cause)
    {
        var path = folder.File("bad.mp4");
        File.WriteAllText(path, content);
        var message = Assert.Throws<VideoException>(() => VideoReader.Open(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(cause, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Assert.Contains("no such file", Assert.Throws<VideoException>(() => VideoReader.Open(folder.File("none.mp4"))).Message, StringComparison.Ordinal);
        Assert.Contains("a folder", Assert.Throws<VideoException>(() => VideoReader.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Indices_past_the_announced_end_are_a_mistake_of_the_caller()
    {
        using var reader = VideoReader.Open(WriteGrey(12));
        Assert.Throws<ArgumentException>(() => reader.ReadFrames([12]));
        Assert.Throws<ArgumentException>(() => reader.ReadFrames([-1]));
    }

    [Fact]
    public void A_video_shorter_than_the_clip_is_refused()
    {
        var message = Assert.Throws<VideoException>(() => VideoDataset.CentreClip(WriteGrey(3), new ClipFormat(8, 2, 32))).Message;
        Assert.Contains("it has 3 frames, a clip needs 8", message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Every_real_sample_decodes()
    {
        foreach (var path in Directory.GetFiles(Shared.Require("data", "samples")))
        {
            using var clip = VideoDataset.CentreClip(path, new ClipFormat(8, 4, 64));
            Assert.Equal([8, 64, 64, 3], clip.shape);
        }
    }

    [SkippableFact]
    public void Chosen_frames_of_real_videos_are_those_that_OpenCV_decodes_one_after_the_other()
    {
        foreach (var path in Directory.GetFiles(Shared.Require("data", "samples")))
        {
            using var reader = VideoReader.Open(path);
            int[] chosen = [];
            // Out of order, one of them twice.
            using var frames = reader.ReadFrames(info => chosen = [info.FrameCount / 2, info.FrameCount / 7, info.FrameCount / 2, info.FrameCount * 3 / 4]);
            using var capture = new VideoCapture(path);
            using var frame = new Mat();
            for (int index = 0; index <= chosen.Max(); index++)
            {
                Assert.True(capture.Read(frame), $"{path}: OpenCV has no frame {index}");
                foreach (int place in Enumerable.Range(0, chosen.Length).Where(place => chosen[place] == index))
                {
                    using var rgb = new Mat();
                    Cv2.CvtColor(frame, rgb, ColorConversionCodes.BGR2RGB);
                    rgb.GetArray(out Vec3b[] expected);
                    using var found = frames[place];
                    Assert.True(found.data<byte>().ToArray().AsSpan().SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(expected.AsSpan())), $"{path}: frame {index} differs");
                }
            }
        }
    }

    [SkippableFact]
    public void Every_malformed_sample_is_refused_in_one_line()
    {
        foreach (var path in Directory.GetFiles(Shared.Require("data", "malformed")))
        {
            var message = Assert.Throws<VideoException>(() => VideoDataset.CentreClip(path, new ClipFormat(8, 2, 32))).Message;
            Assert.StartsWith(path + ": ", message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    private string WriteGrey(int frames)
    {
        var path = folder.File($"grey{frames}.mp4");
        using var writer = new VideoWriter(path, FourCC.FromString("mp4v"), 30, new Size(64, 48));
        for (int k = 0; k < frames; k++)
        {
            using var frame = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(10 + (12 * k)));
            writer.Write(frame);
        }
        return path;
    }

    private static int[] Greys(TorchSharp.torch.Tensor frames) =>
        [.. Enumerable.Range(0, (int)frames.shape[0]).Select(t => (int)frames.bytes[(int)(t * frames.shape[1] * frames.shape[2] * 3) + 30])];
}
