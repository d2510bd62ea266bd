namespace TimeSformer.Video;

/// <summary>
/// The clip that a model takes: T frames of CropSize x CropSize pixels, spread evenly, both ends included, over T · SamplingRate frames at
/// 30 per second. A rate of 0 covers the whole video, with one frame from each of T equal segments (Something-Something).
/// </summary>
public sealed record ClipFormat(int Frames, int SamplingRate, int CropSize)
{
    /// <summary>Whether a clip covers the whole video, whatever its length.</summary>
    public bool CoversVideo => SamplingRate == 0;

    /// <summary>Length in pixels that the short side of a frame is scaled to before the center crop; null for CropSize.</summary>
    public int? ShortSide { get; init; }

    /// <summary>How colors are normalized.</summary>
    public ClipNormalization Normalization { get; init; } = ClipNormalization.Default;
}

/// <summary>
/// Chooses a clip's T frames (indices from 0) by the rules of the official code (datasets/decoder.py, datasets/ssv2.py), except for
/// <see cref="Center"/>.
/// </summary>
public static class ClipSampler
{
    internal const double TargetFramesPerSecond = 30;

    /// <summary>The number of the video's frames that a clip spans, in proportion to the video's frame rate.</summary>
    public static double Span(VideoInfo video, ClipFormat clip) =>
        clip.SamplingRate * clip.Frames / TargetFramesPerSecond * video.FramesPerSecond;

    /// <summary>For training: T frames evenly spaced over a span with a random start, or over the whole video.</summary>
    public static int[] Random(VideoInfo video, ClipFormat clip, Random random)
    {
        if (clip.CoversVideo) return Segments(video.FrameCount, clip.Frames, random);
        double span = Span(video, clip);
        return Spread(video.FrameCount, random.NextDouble() * Math.Max(video.FrameCount - span, 0), span, clip.Frames);
    }

    /// <summary>For testing with several views: view v starts at v / views of the frames that the span leaves free.</summary>
    public static int[] View(VideoInfo video, ClipFormat clip, int view, int views)
    {
        double span = Span(video, clip);
        return Spread(video.FrameCount, Math.Max(video.FrameCount - span, 0) * view / views, span, clip.Frames);
    }

    /// <summary>
    /// For testing with a single view: the span in the middle of the video, or the whole video. The official code's single view is the span
    /// at the video's beginning, as is <see cref="View"/> 0 of 1.
    /// </summary>
    public static int[] Center(VideoInfo video, ClipFormat clip)
    {
        if (clip.CoversVideo) return Segments(video.FrameCount, clip.Frames, random: null);
        double span = Span(video, clip);
        return Spread(video.FrameCount, Math.Floor(Math.Max(video.FrameCount - span, 0) / 2), span, clip.Frames);
    }

    /// <summary>Something-Something's rule: a frame from each of T equal segments: random, or the middle if `random` is null.</summary>
    public static int[] Segments(int frameCount, int frames, Random? random)
    {
        var indices = new int[frames];
        double length = (frameCount - 1.0) / frames;
        for (int k = 0; k < frames; k++)
        {
            int start = (int)Math.Round(length * k), end = (int)Math.Round(length * (k + 1));
            indices[k] = random is null ? (start + end) / 2 : random.Next(start, end + 1);
        }
        return indices;
    }

    /// <summary>T indices from `start` to `start + max(span, 1) - 1`, clamped, in float32 as <c>torch.linspace</c> computes them.</summary>
    public static int[] Spread(int frameCount, double start, double span, int frames)
    {
        float first = (float)start, last = (float)(start + Math.Max(span, 1) - 1);
        float step = frames > 1 ? (last - first) / (frames - 1) : 0;
        var indices = new int[frames];
        for (int k = 0; k < frames; k++)
        {
            // Counted from the nearer end, so that the last index is exact.
            float place = k < frames / 2 || frames == 1 ? first + (step * k) : last - (step * (frames - 1 - k));
            indices[k] = (int)Math.Clamp(place, 0, frameCount - 1);
        }
        return indices;
    }
}
