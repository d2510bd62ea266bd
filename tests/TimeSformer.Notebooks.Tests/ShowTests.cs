using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Formatting;
using OpenCvSharp;
using TimeSformer.Notebooks;
using TimeSformer.Training;
using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Tests.Notebooks;

public sealed partial class ShowTests
{
    private readonly Tensor clip = randint(0, 256, [4, 16, 24, 3], ScalarType.Byte);

    [Fact]
    public void A_clips_frames_are_side_by_side_pixel_for_pixel()
    {
        using var scope = NewDisposeScope();
        var strip = Picture(Show.Clip(clip, "four <frames>").ToString()!);
        Assert.Equal((16, (4 * 24) + 3), (strip.Rows, strip.Cols));
        for (int t = 0; t < 4; t++)
        {
            var bgr = strip.At<Vec3b>(5, (t * 25) + 7);
            Assert.Equal(clip[t, 5, 7].data<byte>().ToArray(), new[] { bgr.Item2, bgr.Item1, bgr.Item0 });
        }
        Assert.Contains("four &lt;frames&gt;", Show.Clip(clip, "four <frames>").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalized_clip_looks_like_the_original()
    {
        using var scope = NewDisposeScope();
        var normalized = ClipNormalization.Default.Apply(clip.unsqueeze(0));
        Assert.Equal(Show.Clip(clip).ToString(), Show.Clip(normalized).ToString());
        Assert.Equal(Show.Clip(clip).ToString(), Show.Clip(normalized[0]).ToString());
    }

    [Fact]
    public void Wrong_arguments_are_refused_in_words()
    {
        static void Refused(string words, Func<object> show) =>
            Assert.Contains(words, Assert.Throws<ArgumentException>(show).Message, StringComparison.Ordinal);
        Refused("(T, H, W, 3)", () => Show.Clip(zeros(4, 16)));
        Refused("do not fit 4 frames", () => Show.Attention(clip, zeros(3, 2, 3)));
        Refused("must be positive", () => Show.Player(clip, framesPerSecond: 0));
        Refused("cannot be drawn", () => Show.Schemes(0, 4, 4));
    }

    [Fact]
    public void Patches_with_attention_are_bright_and_others_dark()
    {
        using var scope = NewDisposeScope();
        var weights = zeros(4, 2, 3);
        weights[1, 0, 0] = tensor(1f);
        var gray = full(new long[] { 4, 16, 24, 3 }, 100, ScalarType.Byte);
        var strip = Picture(Show.Attention(gray, weights).ToString()!);
        Assert.True(strip.At<Vec3b>(2, 25 + 2).Item2 > 100);
        Assert.True(strip.At<Vec3b>(2, 2).Item2 < 50);
    }

    [Fact]
    public void The_figure_of_schemes_holds_the_groups_that_the_models_attend_in()
    {
        var html = Show.Schemes(frames: 2, height: 2, width: 4).ToString()!;
        var schemes = JsonNode.Parse(Data().Match(html).Groups[1].Value)!["schemes"]!.AsArray();
        Assert.Equal(5, schemes.Count);
        var divided = schemes[2]!["steps"]!.AsArray();
        Assert.Equal(["time", "space"], divided.Select(step => (string)step!["name"]!));
        // Token order: the frames of a patch, then the next patch.
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7], divided[0]!["groups"]!.AsArray().Select(group => (int)group!));
        Assert.Equal([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], divided[1]!["groups"]!.AsArray().Select(group => (int)group!));
    }

    [Fact]
    public void Registered_tensors_show_their_shape_or_a_picture()
    {
        using var scope = NewDisposeScope();
        Notebook.Register();
        Assert.Contains("2 × 3", zeros(2, 3).ToDisplayString(HtmlFormatter.MimeType), StringComparison.Ordinal);
        Assert.All([clip, randn(3, 32, 32)], tensor => Assert.Contains("<img", tensor.ToDisplayString(HtmlFormatter.MimeType)));
        Assert.DoesNotContain("<img", randn(3, 4).ToDisplayString(HtmlFormatter.MimeType), StringComparison.Ordinal);
        var disposed = zeros(1);
        disposed.Dispose();
        Assert.Contains("disposed", disposed.ToDisplayString(HtmlFormatter.MimeType), StringComparison.Ordinal);
    }

    [Fact]
    public void A_progress_bar_shows_the_latest_step()
    {
        Notebook.Register();
        var shown = new List<DisplayedValue>();
        using (Formatter.SubscribeToDisplayedValues(shown.Add))
        {
            var bar = Notebook.ProgressBar();
            bar(new TrainingProgress(0, 2, 1, 10, 1.5, 0.1, 20, TimeSpan.FromSeconds(9), 0));
            bar(new TrainingProgress(1, 2, 10, 10, 0.5, 0.1, 20, TimeSpan.Zero, 0));
        }
        var html = shown[^1].FormattedValues.Single(value => value.MimeType == HtmlFormatter.MimeType).Value;
        Assert.Contains("step 10/10", html, StringComparison.Ordinal);
    }

    private static Mat Picture(string html) =>
        Cv2.ImDecode(Convert.FromBase64String(Base64().Match(html).Groups[1].Value), ImreadModes.Color);

    [GeneratedRegex("base64,([A-Za-z0-9+/=]+)")]
    private static partial Regex Base64();

    [GeneratedRegex(@"const data = (\{.*\}), root")]
    private static partial Regex Data();
}
