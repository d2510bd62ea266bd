using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Video;

namespace TimeSformer.Tests;

/// <summary><c>./timesformer attention</c>, up to the files that it writes.</summary>
public sealed class AttentionCommandTests : FolderTests
{
    private string Video
    {
        get
        {
            ProceduralVideos.Write(new(folder.File("data"), ProceduralFamily.Motion, TrainPerClass: 1, ValPerClass: 1, Frames: 24));
            return folder.File("data/videos/val_00000.mp4");
        }
    }

    private string Model => TinyModels.Write(folder.File("model"), TinyModels.Sizes());

    private (int Status, string Out, string Error) Run(string model, params string[] more) =>
        CommandLine.Run(["attention", Video, "--checkpoint", model, .. more]);

    [Fact]
    public void A_name_without_ending_gives_a_video_of_the_clips_span_a_picture_and_a_page()
    {
        var (status, output, error) = Run(Model, "--out", folder.File("where"));
        Assert.True(status == 0, error);
        Assert.All(["mp4", "png", "html"], ending => Assert.Contains(folder.File($"where.{ending}"), output, StringComparison.Ordinal));
        using var video = IVideo.Open(folder.File("where.mp4"));
        // 8 frames, one in two: 16 of the video's 24, beside each other with the map and without.
        Assert.Equal((16, 512, 256, 30), (video.Info.FrameCount, video.Info.Width, video.Info.Height, (int)video.Info.FramesPerSecond));
        Assert.True(new FileInfo(folder.File("where.png")).Length > 10_000);
    }

    [Theory, InlineData("rollout"), InlineData("gradient"), InlineData("occlusion")]
    public void The_page_begins_with_the_method_and_the_class_that_are_asked_for(string method)
    {
        var page = folder.File("page.html");
        var (status, _, error) = Run(Model, "--out", page, "--method", method, "--class", "Shrinking");
        Assert.True(status == 0, error);
        Assert.Contains("\"label\":5", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.Contains($"\"maps\":[{{\"name\":\"{method}\"", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Convolutional_networks_are_explained_too_and_rollout_of_them_is_refused()
    {
        var model = TinyModels.Write(folder.File("i3d"), I3DConfig.Small with { NumClasses = 8, ImageSize = 32 });
        var (status, _, error) = Run(model, "--out", folder.File("page.html"));
        Assert.True(status == 0, error);
        (status, _, error) = Run(model, "--out", folder.File("page.html"), "--method", "rollout");
        Assert.Equal(2, status);
        Assert.Contains("I3D has no attention; see where it looks by occlusion or by gradients", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--class", "swimming", "the model has no class “swimming”; it has 8: moving right, moving left")]
    [InlineData("--out", "page.gif", "--out page.gif ends in .gif; it must end in .mp4, .png, .html, or have no ending")]
    [InlineData("--out", "nowhere/page", "does not exist")]
    [InlineData("--method", "magic", "magic")]
    public void Bad_input_is_an_error_of_one_sentence(string option, string value, string said)
    {
        var (status, _, error) = CommandLine.RunIn(folder.Path, "attention", Video, "--checkpoint", Model, option, value);
        Assert.Equal(2, status);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_video_shorter_than_a_clip_is_noted()
    {
        ProceduralVideos.Write(new(folder.File("short"), ProceduralFamily.Motion, TrainPerClass: 1, ValPerClass: 1, Frames: 5));
        var (status, _, error) = CommandLine.Run(
            "attention", folder.File("short/videos/val_00000.mp4"), "--checkpoint", Model, "--out", folder.File("page.html"));
        Assert.Equal(0, status);
        Assert.Contains("note: the video has 5 frames and a clip 8; frames are repeated", error, StringComparison.Ordinal);
    }
}
