namespace TimeSformer.Video;

/// <summary>
/// When the windows of a stream end, and which frames they have: window n ends at n · Every seconds and has the frames that a clip over
/// the seconds before has (<see cref="ClipSampler"/>).
/// </summary>
/// <param name="Clip">The clips.</param>
/// <param name="Every">Seconds from the end of a window to that of the next.</param>
/// <param name="Length">Seconds of a window for clips that cover the whole video; others have a length of their own.</param>
/// <param name="Rate">Frames per second.</param>
internal sealed record WindowSchedule(ClipFormat Clip, double Every, double Length, double Rate)
{
    private const int Digits = 6; // of a frame's place; what follows is rounding of floating-point numbers

    /// <summary>Seconds of a window.</summary>
    public double Seconds => Clip.CoversVideo ? Length : Clip.SamplingRate * Clip.Frames / ClipSampler.TargetFramesPerSecond;

    /// <summary>The first window that begins within the video.</summary>
    public int First => Math.Max(1, (int)Math.Ceiling(Math.Round(Seconds / Every, Digits)));

    /// <summary>The window with a number.</summary>
    public Window At(int number)
    {
        double time = number * Every, span = Seconds * Rate, start = Math.Max(0, Math.Round((time * Rate) - span, Digits));
        int whole = (int)start;
        var places = Clip.CoversVideo
            ? ClipSampler.Segments(Math.Max(1, (int)Math.Round(span)), Clip.Frames, random: null)
            : ClipSampler.Spread(int.MaxValue, start - whole, span, Clip.Frames);
        return new(Math.Max(0, time - Seconds), time, Array.ConvertAll(places, place => whole + place));
    }

    /// <summary>A window: its first second, its end, and the indices of its frames in order.</summary>
    public sealed record Window(double From, double Time, int[] Indices);
}
