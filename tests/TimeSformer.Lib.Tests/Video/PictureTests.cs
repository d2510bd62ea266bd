using System.Buffers.Binary;
using OpenCvSharp;

namespace TimeSformer.Tests.Video;

/// <summary>Pictures whose content is not what their name says, or that claim what they do not have.</summary>
public sealed class PictureTests : TensorTests
{
    [Theory, InlineData(".png"), InlineData(".jpg"), InlineData(".bmp")]
    public void A_picture_may_have_the_name_of_a_kind_that_can_move(string kind)
    {
        File.Move(WritePicture(kind), folder.File("picture.webp"));
        using var video = IVideo.Open(folder.File("picture.webp"));
        Assert.Equal((32, 24, 1), (video.Info.Width, video.Info.Height, video.Info.FrameCount));
    }

    [Fact]
    public void A_file_too_short_to_be_a_picture_is_refused()
    {
        Assert.Refused<VideoException>("cannot be decoded", () => IVideo.Open(folder.Write("short.webp", "RIFF")));
    }

    [Fact]
    public void Part_of_a_picture_that_claims_more_bytes_than_the_file_has_is_refused_before_room_is_made_for_it()
    {
        var bytes = File.ReadAllBytes(WritePicture(".png"));
        int length = bytes.AsSpan().IndexOf("IDAT"u8) - 4;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(length), 0x7f000000);
        File.WriteAllBytes(folder.File("large.png"), bytes);
        Assert.Refused<VideoException>("a part extends to byte 21307", () => IVideo.Open(folder.File("large.png")));
    }

    [Fact]
    public void A_picture_that_claims_more_than_16384_pixels_a_side_is_refused()
    {
        var bytes = File.ReadAllBytes(WritePicture(".jpg"));
        int size = bytes.AsSpan().IndexOf(new byte[] { 0xff, 0xc0 }) + 5; // start of frame: length, precision, height, width
        bytes.AsSpan(size, 4).Fill(0xf0);
        File.WriteAllBytes(folder.File("large.jpg"), bytes);
        Assert.Refused<VideoException>("IMAGE_WIDTH", () => IVideo.Open(folder.File("large.jpg")));
    }

    [Fact]
    public void A_picture_so_thin_that_scaling_it_takes_gigabytes_is_refused()
    {
        using var video = IVideo.Open(WritePicture(".png", 16_384, 1));
        Assert.Refused<VideoException>("scaled to 3670016x224 pixels", () => video.ReadFrames(_ => [0], shortSide: 224));
        var list = VideoList.Of("test", [new(folder.File("picture.png"), 0)], ["A"]);
        using var training = new VideoDataset(list, new(8, 2, 32), new(32, 40, Flip: false), cacheBytes: 1_000_000);
        Assert.Refused<VideoException>("nor any other", () => training.GetTensor(0));
    }

    [Fact]
    public void A_link_to_nothing_is_a_picture_that_cannot_be_read()
    {
        WritePicture(".png");
        foreach (var name in new[] { "next.png", "moving.webp" }) File.CreateSymbolicLink(folder.File(name), "nowhere");
        foreach (var path in new[] { folder.File("next.png"), folder.File("moving.webp"), folder.Path })
        {
            Assert.Refused<VideoException>("the file cannot be read", () => IVideo.Open(path));
        }
    }

    [Fact]
    public void A_folder_of_frames_may_have_the_name_of_a_picture()
    {
        Directory.CreateDirectory(folder.File("walk.webp"));
        File.Move(WritePicture(".png"), folder.File("walk.webp/1.png"));
        using var video = IVideo.Open(folder.File("walk.webp"));
        Assert.Equal(1, video.Info.FrameCount);
    }

    [Fact]
    public void An_animation_without_frames_or_their_size_is_refused()
    {
        Assert.Refused<VideoException>("not an animated WebP", () => AnimatedPicture.Open(WritePicture(".webp")));
        File.WriteAllBytes(folder.File("frame.webp"), [.. "RIFF"u8, 36, 0, 0, 0, .. "WEBPANMF"u8, 24, 0, 0, 0, .. new byte[24]]);
        Assert.Refused<VideoException>("without the size of its frames", () => IVideo.Open(folder.File("frame.webp")));
    }

    private string WritePicture(string kind, int width = 32, int height = 24)
    {
        using var picture = new Mat(height, width, MatType.CV_8UC3, new Scalar(10, 120, 200));
        var path = folder.File($"picture{kind}");
        Cv2.ImWrite(path, picture);
        return path;
    }
}
