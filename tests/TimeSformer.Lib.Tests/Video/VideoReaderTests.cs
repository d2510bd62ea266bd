using System.Runtime.InteropServices;
using OpenCvSharp;

namespace TimeSformer.Tests.Video;

public sealed class VideoReaderTests : FolderTests
{
    [Fact]
    public void Frames_come_in_the_requested_order_and_may_repeat()
    {
        var path = WriteGray(20);
        using var reader = VideoReader.Open(path);
        Assert.Equal((64, 48, 20), (reader.Info.Width, reader.Info.Height, reader.Info.FrameCount));
        using var frames = reader.ReadFrames(_ => [13, 2, 2, 19]);
        Assert.Equal([4, 48, 64, 3], frames.shape);
        // Frame n is a gray of 10 + 12 n. OpenCV's encoder changes it by up to 4; a tolerance of 5 still separates the frames.
        foreach (var (n, gray) in new[] { 13, 2, 2, 19 }.Zip(Grays(frames))) Assert.InRange(gray, (12 * n) + 5, (12 * n) + 15);
    }

    [Fact]
    public void A_reader_can_go_back_to_earlier_frames()
    {
        using var reader = VideoReader.Open(WriteGray(12));
        reader.ReadFrames(_ => [11]).Dispose();
        using var frames = reader.ReadFrames(_ => [0, 5]);
        Assert.InRange(Grays(frames)[1] - Grays(frames)[0], 55, 65);
    }

    [Fact]
    public void Colors_are_in_RGB_order()
    {
        var path = TestVideo.Write(
            folder.File("red.mp4"), Enumerable.Range(0, 4).Select(_ => new Mat(48, 64, MatType.CV_8UC3, new Scalar(0, 0, 255))));
        using var reader = VideoReader.Open(path);
        using var frames = reader.ReadFrames(_ => [1]);
        var pixel = frames.bytes[..3].ToArray();
        Assert.True(pixel[0] > 200 && pixel[1] < 60 && pixel[2] < 60, string.Join(',', pixel));
    }

    [Theory, InlineData("", "empty"), InlineData("this is text", "no video stream")]
    public void A_file_that_is_not_a_video_is_named_with_the_cause(string content, string cause)
    {
        var path = folder.File("bad.mp4");
        File.WriteAllText(path, content);
        Assert.StartsWith(path, Assert.Refused<VideoException>(cause, () => VideoReader.Open(path)));
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Assert.Equal("file not found", Assert.Throws<VideoException>(() => VideoReader.Open(folder.File("none.mp4"))).Cause);
        Assert.Refused<VideoException>("a folder", () => VideoReader.Open(folder.Path));
    }

    [Fact]
    public void Indices_out_of_range_are_an_argument_error()
    {
        using var reader = VideoReader.Open(WriteGray(12));
        Assert.Throws<ArgumentException>(() => reader.ReadFrames([12]));
        Assert.Throws<ArgumentException>(() => reader.ReadFrames([-1]));
    }

    [Fact]
    public void A_video_shorter_than_the_clip_repeats_its_last_frame_or_is_refused()
    {
        using var clip = VideoDataset.CenterClip(WriteGray(3), new ClipFormat(8, 2, 32)); // places 0, 2.14, 4.29 and so on of 16 frames
        Assert.Equal([0, 2, 2, 2, 2, 2, 2, 2], Grays(clip).Select(gray => (int)Math.Round((gray - 10) / 12.0)));
        Assert.Refused<VideoException>("the video has 3 frames, but a clip needs 8", () =>
            VideoDataset.CenterClip(WriteGray(3), new ClipFormat(8, 2, 32), new(RepeatFrames: false)));
    }

    [Theory]
    [InlineData("12:30:00.mp4"), InlineData("50% \"off\" 'a' %03d.mp4"), InlineData("видео 视频 🎬.mp4")]
    [InlineData("a\\b #1?x=y&z.mp4"), InlineData("long")]
    public void Any_name_that_a_file_can_have_is_read(string name)
    {
        // A file's name has at most 255 bytes; FFmpeg's own limit on paths is 1,024.
        var path = name == "long"
            ? folder.File(Path.Combine([.. Enumerable.Repeat(new string('n', 250), 6), new string('m', 251) + ".mp4"]))
            : folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(WriteGray(4), path);
        using var clip = VideoDataset.CenterClip(path, new ClipFormat(2, 1, 32));
        using var elsewhere = VideoDataset.CenterClip(Path.GetRelativePath(Environment.CurrentDirectory, path), new ClipFormat(2, 1, 32));
        Assert.True(clip.Equals(elsewhere));
    }

    [Fact]
    public void Frames_are_scaled_as_they_are_decoded()
    {
        using var reader = VideoReader.Open(WriteGray(4));
        using var frames = reader.ReadFrames(_ => [0, 3], shortSide: 24);
        Assert.Equal([2, 24, 32, 3], frames.shape);
    }

    [SkippableFact]
    public void Every_real_sample_can_be_decoded()
    {
        foreach (var path in Directory.GetFiles(Shared.Require("data", "samples")))
        {
            using var clip = VideoDataset.CenterClip(path, new ClipFormat(8, 4, 64));
            Assert.Equal([8, 64, 64, 3], clip.shape);
        }
    }

    [SkippableFact]
    public void Selected_frames_of_real_videos_equal_those_that_OpenCV_decodes_in_sequence()
    {
        foreach (var path in Directory.GetFiles(Shared.Require("data", "samples")))
        {
            using var reader = VideoReader.Open(path);
            int[] selected = [];
            // Out of order, one of them twice.
            using var frames = reader.ReadFrames(info =>
                selected = [info.FrameCount / 2, info.FrameCount / 7, info.FrameCount / 2, info.FrameCount * 3 / 4]);
            using var capture = new VideoCapture(path);
            using var frame = new Mat();
            for (int index = 0; index <= selected.Max(); index++)
            {
                Assert.True(capture.Read(frame), $"{path}: OpenCV has no frame {index}");
                foreach (int t in Enumerable.Range(0, selected.Length).Where(t => selected[t] == index))
                {
                    using var rgb = new Mat();
                    Cv2.CvtColor(frame, rgb, ColorConversionCodes.BGR2RGB);
                    rgb.GetArray(out Vec3b[] expected);
                    using var actual = frames[t];
                    bool equal = actual.data<byte>().ToArray().AsSpan().SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan()));
                    Assert.True(equal, $"{path}: frame {index} differs");
                }
            }
        }
    }

    private string WriteGray(int frames) => TestVideo.Write(
        folder.File($"gray{frames}.mp4"),
        Enumerable.Range(0, frames).Select(k => new Mat(48, 64, MatType.CV_8UC3, Scalar.All(10 + (12 * k)))));

    private static int[] Grays(TorchSharp.torch.Tensor frames) => [.. Enumerable.Range(0, (int)frames.shape[0])
        .Select(t => (int)frames.bytes[(int)(t * frames.shape[1] * frames.shape[2] * 3) + 30])];
}
