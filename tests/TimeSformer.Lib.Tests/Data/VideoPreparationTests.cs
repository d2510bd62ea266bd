using OpenCvSharp;

namespace TimeSformer.Tests.Data;

/// <summary>Checking videos and making small copies of them.</summary>
public sealed class VideoPreparationTests : FolderTests
{
    // Six videos in two classes: one is broken, one is tall and one has a different frame rate.
    private VideoList Videos()
    {
        Write("a/1.mp4", 64, 48, 12);
        Write("a/2.mp4", 48, 80, 6);
        Write("a/3.mp4", 32, 24, 5);
        Write("b/1.avi", 64, 48, 10, rate: 20);
        Write("b/1.mp4", 64, 48, 8);
        File.WriteAllText(folder.File("b/broken.mp4"), "not a video");
        return Of("a/1.mp4", "a/2.mp4", "a/3.mp4", "b/1.avi", "b/1.mp4", "b/broken.mp4");
    }

    [Fact]
    public void Every_video_is_decoded_and_counted()
    {
        var check = VideoCheck.Run(Videos(), workers: 2);
        Assert.Equal([12, 6, 5, 10, 8], check.Videos.Where(video => video.Video is not null).Select(video => video.Video!.FrameCount));
        Assert.Equal(41, check.Frames);
        Assert.Equal([5 / 30.0, 6 / 30.0, 8 / 30.0, 12 / 30.0, 0.5], check.Durations, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal([new ClassCount(0, "A", 3, 0), new ClassCount(1, "B", 3, 1)], check.Classes);
        Assert.EndsWith("broken.mp4", check.Broken.Single().Item.Path);
        Assert.Contains("no video stream", check.Broken.Single().Cause);
    }

    [SkippableTheory]
    [InlineData("truncated_half.avi"), InlineData("audio_only.mp4"), InlineData("empty.mp4"), InlineData("truncated_moov.mp4")]
    public void A_damaged_video_is_reported(string name)
    {
        var list = VideoList.Of("test", [new(Shared.Require("data", "malformed", name), 0)], ["A"]);
        Assert.NotNull(VideoCheck.Run(list, workers: 1).Videos.Single().Cause);
    }

    [Fact]
    public void Copies_have_the_short_side_all_frames_and_the_paths_of_the_originals()
    {
        var prepared = VideoPreparation.Run(Videos(), folder.File("out"), "mine.txt", shortSide: 24, workers: 2);
        Assert.Equal((5, 0), (prepared.Written, prepared.Found));
        Assert.EndsWith("broken.mp4", prepared.Broken.Keys.Single());
        var copies = VideoList.Read(prepared.List);
        Assert.Equal(["A", "B"], copies.Classes);
        Assert.Equal(
            ["videos/a/1.mp4 0", "videos/a/2.mp4 0", "videos/a/3.mp4 0", "videos/b/1.avi.mp4 1", "videos/b/1.mp4.mp4 1"],
            copies.Items.Select(item => $"{Path.GetRelativePath(folder.File("out"), item.Path)} {item.Label}"));
        Assert.Equal(
            [new(32, 24, 30, 12), new(24, 40, 30, 6), new(32, 24, 30, 5), new(32, 24, 20, 10), new(32, 24, 30, 8)],
            VideoCheck.Run(copies, workers: 1).Videos.Select(video => video.Video!));
        // A video that is small enough is copied unchanged.
        Assert.Equal(File.ReadAllBytes(folder.File("a/3.mp4")), File.ReadAllBytes(copies.Items[2].Path));
    }

    [Fact]
    public void A_copy_has_the_content_of_its_original()
    {
        Write("a/1.mp4", 64, 48, 12);
        var prepared = VideoPreparation.Run(Of("a/1.mp4"), folder.File("out"), "mine.txt", shortSide: 24, workers: 1);
        using var video = IVideo.Open(VideoList.Read(prepared.List).Items[0].Path);
        using var frames = video.ReadFrames(_ => [0, 11]);
        Assert.Equal(20, frames[0, 12, 16, 0].item<byte>(), 12.0);
        Assert.Equal(130, frames[1, 12, 16, 0].item<byte>(), 12.0);
    }

    [Fact]
    public void Complete_copies_are_kept_and_partial_ones_are_written_again()
    {
        var videos = Videos();
        using var stop = new CancellationTokenSource();
        var progress = new SynchronousProgress(count => { if (count == 2) stop.Cancel(); });
        Assert.Throws<OperationCanceledException>(() =>
            VideoPreparation.Run(videos, folder.File("out"), "mine.txt", 24, 1, null, progress, cancel: stop.Token));
        Assert.False(File.Exists(folder.File("out/mine.txt")));
        // Left behind by a process that was killed while writing.
        File.WriteAllText(folder.File("out/videos/a/3.partial.mp4"), "half");
        var times = Directory.GetFiles(folder.File("out/videos"), "*.mp4", SearchOption.AllDirectories)
            .Where(file => !file.Contains(".partial")).ToDictionary(file => file, File.GetLastWriteTimeUtc);
        var prepared = VideoPreparation.Run(videos, folder.File("out"), "mine.txt", 24, 2);
        Assert.Equal((5 - times.Count, times.Count), (prepared.Written, prepared.Found));
        Assert.InRange(times.Count, 1, 4);
        Assert.All(times, entry => Assert.Equal(entry.Value, File.GetLastWriteTimeUtc(entry.Key)));
        Assert.Empty(Directory.GetFiles(folder.File("out"), "*.partial*", SearchOption.AllDirectories));
        Assert.Equal(5, VideoList.Read(prepared.List).Items.Count);
    }

    [Fact]
    public void Videos_of_several_lists_get_copies_of_their_own()
    {
        foreach (var (k, name) in new[] { "a/1.mp4", "a/2.avi", "b/1.mp4", "a/2.mp4" }.Index()) Write(name, 64, 48, 5 + k);
        VideoList[] lists = [Of("a/1.mp4", "a/2.avi"), Of("b/1.mp4"), Of("a/2.mp4")];
        var copies = lists.SelectMany((list, k) =>
            VideoList.Read(VideoPreparation.Run(list, folder.File("out"), $"{k}.txt", 24, 1, all: lists).List).Items);
        Assert.Equal([5, 6, 7, 8], copies.Select(item =>
        {
            using var video = IVideo.Open(item.Path);
            return video.Info.FrameCount;
        }));
    }

    [Fact]
    public void Lists_keep_folders_of_their_own_where_no_names_meet()
    {
        Write("a/x/1.mp4", 64, 48, 5);
        Write("b/x/2.mp4", 64, 48, 5);
        VideoList[] lists = [Of("a/x/1.mp4"), Of("b/x/2.mp4")];
        foreach (var list in lists) VideoPreparation.Run(list, folder.File("out"), "list.txt", 24, 1, all: lists);
        Assert.Equal(
            ["1.mp4", "2.mp4"], Directory.GetFiles(folder.File("out/videos")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_copy_of_one_video_does_not_pass_for_that_of_another_that_is_prepared_later()
    {
        foreach (var name in new[] { "a/1.mp4", "b/1.mp4", "b/2.mp4" }) Write(name, 64, 48, 5);
        Prepared Run(string name) => VideoPreparation.Run(Of(name), folder.File("out"), "mine.txt", 24, 1);
        Assert.Equal(1, Run("a/1.mp4").Written);
        var message = Assert.Refused<InputException>($"1.mp4 is the copy of {folder.File("a/1.mp4")}", () => Run("b/1.mp4"));
        Assert.Contains($"not of {folder.File("b/1.mp4")}; choose another folder", message);
        Assert.Equal(1, Run("b/2.mp4").Written);
        Assert.Equal(1, Run("a/1.mp4").Found);
        File.WriteAllText(folder.File("out/originals.json"), "{");
        Assert.Refused<InputException>("originals.json: not a record of copies", () => Run("a/1.mp4"));
    }

    [SkippableFact]
    public void A_copy_that_a_full_disk_cuts_off_is_an_error_and_not_kept()
    {
        Skip.IfNot(File.Exists("/dev/full"), "no device that is full");
        Write("a/1.mp4", 64, 48, 5);
        Directory.CreateDirectory(folder.File("out/videos"));
        File.CreateSymbolicLink(folder.File("out/videos/1.partial.mp4"), "/dev/full");
        var error = Assert.Throws<AggregateException>(() => VideoPreparation.Run(Of("a/1.mp4"), folder.File("out"), "mine.txt", 24, 1));
        Assert.IsType<IOException>(error.InnerException);
        Assert.Empty(Directory.GetFiles(folder.File("out/videos")));
    }

    [Fact]
    public void The_copy_of_a_truncated_video_is_whole_even_if_that_is_small()
    {
        var frames = Enumerable.Range(0, 40).Select(_ => new Mat(24, 32, MatType.CV_8UC3, Scalar.All(90)));
        var path = TestVideo.Write(folder.File("a/1.avi"), frames, "MJPG");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        var prepared = VideoPreparation.Run(Of("a/1.avi"), folder.File("out"), "mine.txt", 24, 1, new(AllowTruncated: true));
        Assert.Empty(prepared.Broken);
        Assert.Empty(VideoCheck.Run(VideoList.Read(prepared.List), workers: 1).Broken);
    }

    [Theory, InlineData(".png"), InlineData(".jpg"), InlineData(".bmp"), InlineData(".webp")]
    public void A_small_picture_becomes_a_video_of_one_frame(string kind)
    {
        Directory.CreateDirectory(folder.File("a"));
        using var picture = new Mat(24, 32, MatType.CV_8UC3, new Scalar(90, 90, 90));
        Cv2.ImWrite(folder.File($"a/1{kind}"), picture);
        var prepared = VideoPreparation.Run(Of($"a/1{kind}"), folder.File("out"), "mine.txt", 24, 1);
        using var video = IVideo.Open(VideoList.Read(prepared.List).Items.Single().Path);
        Assert.Equal((32, 24, 1), (video.Info.Width, video.Info.Height, video.Info.FrameCount));
    }

    [Fact]
    public void Folders_of_frames_become_videos()
    {
        Directory.CreateDirectory(folder.File("frames/v"));
        for (int k = 0; k < 5; k++)
        {
            using var picture = new Mat(40, 60, MatType.CV_8UC3, new Scalar(90, 90, 90));
            Cv2.ImWrite(folder.File($"frames/v/{k}.jpg"), picture);
        }
        var frames = VideoList.Of("test", [new(folder.File("frames/v"), 0)], ["A"]);
        var prepared = VideoPreparation.Run(frames, folder.File("out"), "mine.txt", 20, 1);
        using var video = IVideo.Open(VideoList.Read(prepared.List).Items[0].Path);
        Assert.Equal((30, 20, 5), (video.Info.Width, video.Info.Height, video.Info.FrameCount));
    }

    // Videos in folder a are of class 0, in folder b of class 1.
    private VideoList Of(params string[] names) =>
        VideoList.Of("test", names.Select(name => new VideoItem(folder.File(name), name[0] - 'a')), ["A", "B"]);

    // Gray that brightens from frame to frame.
    private void Write(string name, int width, int height, int frames, double rate = 30) => TestVideo.Write(
        folder.File(name),
        Enumerable.Range(0, frames).Select(k => new Mat(height, width, MatType.CV_8UC3, Scalar.All(20 + (10 * k)))), rate: rate);
}
