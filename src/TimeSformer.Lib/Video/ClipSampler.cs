namespace TimeSformer.Video;

/// <summary>
/// What a clip for a model is: T frames, `SamplingRate` frames apart at 30 per second, of CropSize x CropSize pixels. A rate of 0 takes the
/// whole video, a frame from each of T equal parts, as the official code does for Something-Something.
/// </summary>
public sealed record ClipFormat(int Frames, int SamplingRate, int CropSize)
{
    /// <summary>Whether a clip is spread over the whole video, however long that is.</summary>
    public bool CoversVideo => SamplingRate == 0;
}

/// <summary>Which frames of a video make a clip; the rules of the official code (datasets/decoder.py, datasets/ssv2.py).</summary>
public static class ClipSampler
{
    private const double TargetFramesPerSecond = 30;

    /// <summary>Length in frames of the stretch of video that a clip covers, longer or shorter as the video's rate is.</summary>
    public static double Span(VideoInfo video, ClipFormat clip) => clip.SamplingRate * clip.Frames / TargetFramesPerSecond * video.FramesPerSecond;

    /// <summary>For training: T frames evenly spread over a stretch that begins anywhere, or over the whole video.</summary>
    public static int[] Random(VideoInfo video, ClipFormat clip, Random random)
    {
        if (clip.CoversVideo) return Segments(video.FrameCount, clip.Frames, random);
        double span = Span(video, clip);
        return Spread(video.FrameCount, random.NextDouble() * Math.Max(video.FrameCount - span, 0), span, clip.Frames);
    }

    /// <summary>For testing with several views: the stretch of view 0 to views - 1, as the official code places them (the first at the beginning).</summary>
    public static int[] View(VideoInfo video, ClipFormat clip, int view, int views)
    {
        double span = Span(video, clip);
        return Spread(video.FrameCount, Math.Max(video.FrameCount - span, 0) * view / views, span, clip.Frames);
    }

    /// <summary>For a single view: the stretch in the middle, or the whole video.</summary>
    public static int[] Centre(VideoInfo video, ClipFormat clip)
    {
        if (clip.CoversVideo) return Segments(video.FrameCount, clip.Frames, random: null);
        double span = Span(video, clip);
        return Spread(video.FrameCount, Math.Floor(Math.Max(video.FrameCount - span, 0) / 2), span, clip.Frames);
    }

    /// <summary>
    /// Something-Something's rule: the video is cut into T equal segments and one frame is taken of each, at random, or the middle one
    /// where there is no source of randomness.
    /// </summary>
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

    /// <summary>Evenly spread indices from `start` to `start + span - 1`, cut off at the video's ends (a span below one frame counts as one); computed in float32 as torch.linspace does.</summary>
    public static int[] Spread(int frameCount, double start, double span, int frames)
    {
        float first = (float)start, last = (float)(start + Math.Max(span, 1) - 1);
        float step = frames > 1 ? (last - first) / (frames - 1) : 0;
        var indices = new int[frames];
        for (int k = 0; k < frames; k++)
        {
            // From the nearer end, which keeps the last one exact.
            float place = k < frames / 2 || frames == 1 ? first + (step * k) : last - (step * (frames - 1 - k));
            indices[k] = (int)Math.Clamp(place, 0, frameCount - 1);
        }
        return indices;
    }
}
