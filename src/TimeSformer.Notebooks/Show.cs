using System.Net;
using Microsoft.AspNetCore.Html;
using TimeSformer.Models.Attention;
using TimeSformer.Notebooks.Attention;
using TimeSformer.Notebooks.FeatureMaps;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks;

/// <summary>Pictures of clips and of attention for notebooks, as self-contained HTML for light and dark pages.</summary>
public static class Show
{
    /// <summary>A clip's frames side by side.</summary>
    /// <param name="clip">(T, H, W, 3) of uint8, or as the model takes it, (3, T, H, W) or (1, 3, T, H, W).</param>
    /// <param name="height">Display height in pixels.</param>
    /// <exception cref="ArgumentException">The tensor does not have a clip's shape; the message says what that is.</exception>
    public static IHtmlContent Clip(Tensor clip, string? caption = null, int height = 96)
    {
        using var scope = NewDisposeScope();
        var frames = Picture.Frames(clip);
        return Figure(Picture.Image(Picture.Strip(frames), height, $"{frames.shape[0]} frames"), caption);
    }

    /// <summary>A clip, as for <see cref="Clip"/>, that plays in a loop and pauses while the pointer is over it.</summary>
    /// <param name="height">Display height in pixels.</param>
    /// <exception cref="ArgumentException">The tensor does not have a clip's shape, or the speed is not positive.</exception>
    public static IHtmlContent Player(Tensor clip, string? caption = null, int height = 160, double framesPerSecond = 8)
    {
        if (!(framesPerSecond > 0)) throw new ArgumentException($"framesPerSecond is {framesPerSecond}; it must be positive");
        using var scope = NewDisposeScope();
        var frames = Picture.Frames(clip);
        long count = frames.shape[0];
        // The frames are side by side in one picture, which moves behind a window of one frame: no script needed.
        double width = (double)height * frames.shape[2] / frames.shape[1];
        var name = $"play{Guid.NewGuid():N}";
        var sheet = Picture.DataUri(frames.transpose(0, 1).flatten(1, 2));
        return Figure(FormattableString.Invariant($$$"""
            <style>
            @keyframes {{{name}}} { to { background-position: -{{{width * count:0.##}}}px 0 } }
            .{{{name}}} {
              width: {{{width:0.##}}}px; height: {{{height}}}px; image-rendering: pixelated;
              background: url({{{sheet}}}) 0 0 / {{{width * count:0.##}}}px {{{height}}}px;
              animation: {{{name}}} {{{count / framesPerSecond:0.###}}}s steps({{{count}}}) infinite
            }
            .{{{name}}}:hover { animation-play-state: paused }
            </style><div class="{{{name}}}" role="img" aria-label="{{{count}}} frames"></div>
            """), caption);
    }

    /// <summary>Where attention went: the clip's frames, bright at patches that received much of it.</summary>
    /// <param name="clip">As for <see cref="Clip"/>.</param>
    /// <param name="weights">(T', H', W') or (1, T', H', W'), as from <see cref="Interpretation.Relevance.Map"/>; T' divides T.</param>
    /// <param name="height">Display height in pixels.</param>
    /// <exception cref="ArgumentException">The clip does not have a clip's shape, or the weights do not fit its frames.</exception>
    public static IHtmlContent Attention(Tensor clip, Tensor weights, string? caption = null, int height = 96)
    {
        using var scope = NewDisposeScope();
        var frames = Picture.Frames(clip);
        var patches = weights.detach().cpu().to_type(ScalarType.Float32);
        if (patches.dim() == 4 && patches.shape[0] == 1) patches = patches[0];
        var (t, h, w) = (frames.shape[0], frames.shape[1], frames.shape[2]);
        if (patches.dim() != 3 || t % patches.shape[0] != 0 || patches.shape[1] > h || patches.shape[2] > w)
        {
            var shape = string.Join(", ", weights.shape);
            throw new ArgumentException($"weights ({shape}) do not fit {t} frames of {h}x{w} pixels; their shape is (T, H/P, W/P)");
        }
        var lit = Overlay.Lit(frames, patches);
        return Figure(Picture.Image(Picture.Strip(lit), height, $"attention over {t} frames"), caption);
    }

    /// <summary>
    /// The page of <see cref="AttentionPage"/>: maps of what a prediction rests on and, at a click, what a patch attends to.
    /// </summary>
    /// <param name="clip">What a model made of a clip.</param>
    /// <param name="height">Display height in pixels.</param>
    public static IHtmlContent Explanation(ClipExplanation clip, int height = 720) =>
        Frame(AttentionPage.Html(clip), height);

    /// <summary>
    /// The page of <see cref="FeatureMapPage"/>: videos as points, near each other where their features are alike, and their frames.
    /// </summary>
    /// <param name="map">The maps of one or more models' features.</param>
    /// <param name="height">Display height in pixels.</param>
    public static IHtmlContent FeatureMap(FeatureMap map, int height = 760) =>
        Frame(FeatureMapPage.Html(map), height);

    /// <summary>
    /// An interactive figure: point at a patch in any frame to see which patches it attends to in each scheme, colored by step (paper,
    /// figure 2), and how many comparisons that makes.
    /// </summary>
    /// <param name="height">Patches per column of a frame.</param>
    /// <param name="width">Patches per row of a frame.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the grid is too large to draw.</exception>
    public static IHtmlContent Schemes(int frames = 4, int height = 6, int width = 6) =>
        SchemeExplorer.Html(new TokenGrid(1, frames, height, width));

    private static HtmlString Frame(string page, int height) =>
        new($"""<iframe srcdoc="{WebUtility.HtmlEncode(page)}" style="width:100%;height:{height}px;border:0"></iframe>""");

    private static HtmlString Figure(string body, string? caption)
    {
        var text = WebUtility.HtmlEncode(caption);
        var below = text is null ? "" : $"""<figcaption style="font-size:90%;opacity:.75">{text}</figcaption>""";
        return new($"""<figure style="margin:0 0 .5em 0">{body.Trim()}{below}</figure>""");
    }
}
