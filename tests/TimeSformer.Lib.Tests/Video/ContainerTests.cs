using System.Buffers.Binary;
using OpenCvSharp;

namespace TimeSformer.Tests.Video;

public sealed class ContainerTests : FolderTests
{
    [Theory]
    [InlineData("MJPG", "cut.avi", 0.5)]
    [InlineData("MJPG", "cut.avi", 0.8)]
    [InlineData("mp4v", "cut.mp4", 0.5)]
    [InlineData("mp4v", "cut.mp4", 0.8)]
    public void A_truncated_video_is_rejected_even_if_the_clip_lies_before_the_cut(string codec, string name, double fraction)
    {
        var bytes = File.ReadAllBytes(WriteNoise(codec, "whole" + Path.GetExtension(name)));
        File.WriteAllBytes(folder.File(name), bytes[..(int)(bytes.Length * fraction)]);
        var error = Assert.Throws<VideoException>(() => VideoDataset.CenterClip(folder.File(name), new ClipFormat(1, 1, 32)));
        Assert.Equal(folder.File(name), error.Path);
        Assert.Contains("truncated", error.Cause);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void The_good_part_of_a_truncated_video_is_used_if_that_is_allowed()
    {
        var bytes = File.ReadAllBytes(WriteNoise("MJPG", "whole.avi"));
        File.WriteAllBytes(folder.File("half.avi"), bytes[..(bytes.Length / 2)]);
        using var reader = VideoReader.Open(folder.File("half.avi"), new(AllowTruncated: true));
        using var whole = VideoReader.Open(folder.File("whole.avi"));
        Assert.InRange(reader.Info.FrameCount, 25, 31);
        using var last = reader.ReadFrames([20]);
        using var same = whole.ReadFrames([20]);
        Assert.True(last.Equals(same));
    }

    [Fact]
    public void What_a_last_sector_holds_behind_the_video_is_not_read_as_a_part_of_it()
    {
        var bytes = File.ReadAllBytes(WriteNoise("MJPG", "whole.avi"));
        int movi = bytes.AsSpan().IndexOf("movi"u8) - 8; // LIST, its size, movi
        File.WriteAllBytes(folder.File("padded.avi"), [.. bytes, .. new byte[80], .. bytes[movi..(movi + 12)]]);
        using var reader = VideoReader.Open(folder.File("padded.avi"));
        using var whole = VideoReader.Open(folder.File("whole.avi"));
        Assert.Equal(whole.Info, reader.Info);
    }

    [Theory, InlineData("#EXTM3U\n#EXT-X-VERSION:3\n"), InlineData("ffconcat version 1.0\nfile whole.avi\n")]
    public void A_playlist_does_not_make_other_files_readable(string text)
    {
        WriteNoise("MJPG", "whole.avi");
        File.WriteAllText(folder.File("list.mp4"), text);
        Assert.Refused<VideoException>("a playlist", () => VideoReader.Open(folder.File("list.mp4")));
    }

    [Theory, InlineData("MJPG", "whole.avi"), InlineData("mp4v", "whole.mp4")]
    public void A_complete_video_has_no_fault(string codec, string name)
    {
        using var reader = VideoReader.Open(WriteNoise(codec, name));
        using var frames = reader.ReadFrames([0, 30, 59]);
        Assert.Equal([3, 48, 64, 3], frames.shape);
    }

    [Fact]
    public void A_video_that_lacks_its_last_frames_is_sampled_again_with_its_true_length()
    {
        var bytes = File.ReadAllBytes(WriteNoise("MJPG", "whole.avi"));
        File.WriteAllBytes(folder.File("cut.avi"), bytes[..(int)(bytes.Length * 0.95)]);
        using var reader = VideoReader.Open(folder.File("cut.avi"));
        using var frames = reader.ReadFrames([0, reader.Info.FrameCount / 2, reader.Info.FrameCount - 1]);
        Assert.Equal(3, frames.shape[0]);
        Assert.InRange(reader.Info.FrameCount, 54, 59);
    }

    [Fact]
    public void A_container_without_a_video_track_or_an_index_is_rejected()
    {
        var handler = Box("hdlr", [.. new byte[8], .. "soun"u8, .. new byte[12]]);
        Write("sound.mp4", Box("ftyp", "isom\0\0\0\0"u8), Box("moov", Box("trak", Box("mdia", handler))));
        Assert.Refused<VideoException>("no video track", () => VideoReader.Open(folder.File("sound.mp4")));
        Write("raw.mp4", Box("ftyp", "isom\0\0\0\0"u8), Box("mdat", new byte[100]));
        Assert.Refused<VideoException>("no index", () => VideoReader.Open(folder.File("raw.mp4")));
    }

    [Fact]
    public void Deeply_nested_boxes_are_rejected_without_harm()
    {
        const int boxes = 20_000;
        var nested = new byte[8 * boxes];
        for (int depth = 0; depth < boxes; depth++)
        {
            BinaryPrimitives.WriteInt32BigEndian(nested.AsSpan(8 * depth), 8 * (boxes - depth));
            "moov"u8.CopyTo(nested.AsSpan((8 * depth) + 4));
        }
        Write("deep.mp4", Box("ftyp", "isom\0\0\0\0"u8), nested);
        Assert.Throws<VideoException>(() => VideoReader.Open(folder.File("deep.mp4")));
    }

    [Fact]
    public void Damaged_bytes_yield_frames_or_a_one_line_error()
    {
        foreach (var source in new[] { WriteNoise("MJPG", "whole.avi"), WriteNoise("mp4v", "whole.mp4") })
        {
            var whole = File.ReadAllBytes(source);
            for (int seed = 0; seed < 25; seed++)
            {
                var random = new Random(seed);
                var bytes = (byte[])whole.Clone();
                for (int k = 0; k < 1 << (seed % 10); k++) bytes[random.Next(seed % 2 == 0 ? bytes.Length : 512)] = (byte)random.Next(256);
                var path = folder.File("damaged" + Path.GetExtension(source));
                File.WriteAllBytes(path, bytes);
                try
                {
                    VideoDataset.CenterClip(path, new ClipFormat(8, 2, 32)).Dispose();
                }
                catch (VideoException error)
                {
                    Assert.DoesNotContain('\n', error.Message);
                }
            }
        }
    }

    [SkippableTheory]
    [InlineData("audio_only.mp4", "no video track")]
    [InlineData("bit_rot.avi", "truncated or damaged: only 19 of 24 frames")]
    [InlineData("empty.mp4", "empty")]
    [InlineData("random_bytes.mp4", "not a video")]
    [InlineData("text.mp4", "not a video")]
    [InlineData("truncated_half.avi", "truncated")]
    [InlineData("truncated_moov.mp4", "truncated")]
    public void Each_malformed_sample_is_rejected_with_its_cause(string name, string cause)
    {
        var path = Shared.Require("data", "malformed", name);
        var message = Assert.Refused<VideoException>(cause, () => VideoDataset.CenterClip(path, new ClipFormat(8, 2, 32)));
        Assert.StartsWith(path + ": ", message);
        Assert.DoesNotContain('\n', message);
    }

    private void Write(string name, params byte[][] parts) => File.WriteAllBytes(folder.File(name), [.. parts.SelectMany(part => part)]);

    private static byte[] Box(string type, ReadOnlySpan<byte> content)
    {
        var box = new byte[8 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        for (int k = 0; k < 4; k++) box[4 + k] = (byte)type[k];
        content.CopyTo(box.AsSpan(8));
        return box;
    }

    // 60 frames of noise, all of about the same size.
    private string WriteNoise(string codec, string name) => TestVideo.Write(folder.File(name), Enumerable.Range(0, 60).Select(k =>
    {
        var noise = new byte[48 * 64 * 3];
        new Random(k).NextBytes(noise);
        using var shared = Mat.FromPixelData(48, 64, MatType.CV_8UC3, noise);
        return shared.Clone();
    }), codec);
}
