using System.Net;
using Microsoft.AspNetCore.Html;
using OpenCvSharp;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks;

/// <summary>Pictures of clips and of attention for notebooks. Each is HTML that stands by itself, in light and dark pages.</summary>
public static class Show
{
    private static readonly float[] glowColour = [255, 170, 40];

    /// <summary>A clip's frames side by side.</summary>
    /// <param name="clip">(T, H, W, 3) of uint8, or as the model takes it, (3, T, H, W) or (1, 3, T, H, W).</param>
    /// <param name="caption">A line below.</param>
    /// <param name="height">Height in pixels on the page.</param>
    /// <exception cref="ArgumentException">The tensor is no clip; the message says what one is.</exception>
    public static IHtmlContent Clip(Tensor clip, string? caption = null, int height = 96)
    {
        using var scope = NewDisposeScope();
        var frames = Picture.Frames(clip);
        return Figure(Picture.Image(Picture.Strip(frames), height, $"{frames.shape[0]} frames"), caption);
    }

    /// <summary>A clip that plays in a loop; it stops while the pointer is on it.</summary>
    /// <param name="clip">As for <see cref="Clip"/>.</param>
    /// <param name="caption">A line below.</param>
    /// <param name="height">Height in pixels on the page.</param>
    /// <param name="framesPerSecond">Speed.</param>
    /// <exception cref="ArgumentException">The tensor is no clip, or the speed is not positive.</exception>
    public static IHtmlContent Player(Tensor clip, string? caption = null, int height = 160, double framesPerSecond = 8)
    {
        if (!(framesPerSecond > 0)) throw new ArgumentException($"framesPerSecond is {framesPerSecond}; it must be positive");
        using var scope = NewDisposeScope();
        var frames = Picture.Frames(clip);
        long count = frames.shape[0];
        // The frames lie side by side in one picture, which moves behind a window of one frame: no script needed.
        double width = (double)height * frames.shape[2] / frames.shape[1];
        var name = $"play{Guid.NewGuid():N}";
        var sheet = Picture.DataUri(frames.transpose(0, 1).flatten(1, 2));
        return Figure(FormattableString.Invariant($$$"""
            <style>
            @keyframes {{{name}}} { to { background-position: -{{{width * count:0.##}}}px 0 } }
            .{{{name}}} {
              width: {{{width:0.##}}}px; height: {{{height}}}px; background: url({{{sheet}}}) 0 0 / {{{width * count:0.##}}}px {{{height}}}px;
              image-rendering: pixelated; animation: {{{name}}} {{{count / framesPerSecond:0.###}}}s steps({{{count}}}) infinite
            }
            .{{{name}}}:hover { animation-play-state: paused }
            </style><div class="{{{name}}}" role="img" aria-label="{{{count}}} frames"></div>
            """), caption);
    }

    /// <summary>Where attention went: the clip's frames with the patches lit that had much of it.</summary>
    /// <param name="clip">As for <see cref="Clip"/>.</param>
    /// <param name="weights">(T, H/P, W/P) or (1, T, H/P, W/P), as from <see cref="Interpretation.AttentionRollout"/>.</param>
    /// <param name="caption">A line below.</param>
    /// <param name="height">Height in pixels on the page.</param>
    /// <exception cref="ArgumentException">The tensors are no clip and its patches.</exception>
    public static IHtmlContent Attention(Tensor clip, Tensor weights, string? caption = null, int height = 96)
    {
        using var scope = NewDisposeScope();
        var frames = Picture.Frames(clip);
        var patches = weights.detach().cpu().to_type(ScalarType.Float32);
        if (patches.dim() == 4 && patches.shape[0] == 1) patches = patches[0];
        if (patches.dim() != 3 || patches.shape[0] != frames.shape[0] || frames.shape[1] % patches.shape[1] != 0 || frames.shape[2] % patches.shape[2] != 0)
        {
            throw new ArgumentException($"weights ({string.Join(", ", weights.shape)}) do not fit {frames.shape[0]} frames of {frames.shape[1]}x{frames.shape[2]} pixels; they are (T, H/P, W/P)");
        }
        var lit = stack(Enumerable.Range(0, (int)frames.shape[0]).Select(t => Lit(frames[t], patches[t], patches.max().item<float>())).ToArray());
        return Figure(Picture.Image(Picture.Strip(lit), height, $"attention over {frames.shape[0]} frames"), caption);
    }

    /// <summary>
    /// An interactive figure: point at a patch in any frame and see which patches it attends to in each scheme, coloured by the step (paper,
    /// figure 3), and how many comparisons that makes.
    /// </summary>
    /// <param name="frames">T.</param>
    /// <param name="height">Patches down a frame.</param>
    /// <param name="width">Patches across a frame.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the grid is too large to draw.</exception>
    public static IHtmlContent Schemes(int frames = 4, int height = 6, int width = 6) => SchemeExplorer.Html(new TokenGrid(1, frames, height, width));

    // The frame darkened where there was no attention, with a touch of colour where there was most.
    private static Tensor Lit(Tensor frame, Tensor patches, float most)
    {
        int height = (int)frame.shape[0], width = (int)frame.shape[1];
        var levels = patches.Over(Math.Max(most, float.Epsilon)).sqrt();
        using var coarse = Mat.FromPixelData((int)patches.shape[0], (int)patches.shape[1], MatType.CV_32FC1, levels.data<float>().ToArray());
        using var smooth = new Mat();
        Cv2.Resize(coarse, smooth, new OpenCvSharp.Size(width, height), interpolation: InterpolationFlags.Linear);
        smooth.GetArray(out float[] values);
        var level = tensor(values).view(height, width, 1);
        var glow = tensor(glowColour);
        return (frame.to_type(ScalarType.Float32) * level.Times(0.6f).Plus(0.25f)).Plus((glow * level).Times(0.25f)).Between(0, 255).to_type(ScalarType.Byte);
    }

    private static HtmlString Figure(string body, string? caption) => new(
        $"""<figure style="margin:0 0 .5em 0">{body.Trim()}{(caption is null ? "" : $"""<figcaption style="font-size:90%;opacity:.75">{WebUtility.HtmlEncode(caption)}</figcaption>""")}</figure>""");
}
