using System.Collections.Concurrent;

namespace TimeSformer.Video;

/// <summary>
/// When a video's frames are shown. Frames at even distances are numbered as they come. A video of variable rate counts as one of 30 frames
/// per second, the rate in which the official code measures clips: the frame at k is the one shown at k/30 seconds.
/// </summary>
internal sealed class FrameTimes
{
    private const double VariableRate = ClipSampler.TargetFramesPerSecond;
    // Containers round times to milliseconds.
    internal const double Rounding = 1e-3;

    // The files whose frames were counted, so that each is counted once.
    private static readonly ConcurrentDictionary<(string Path, long Bytes, DateTime Written, VideoPolicy), FrameTimes> counted = new();

    private readonly double[]? times;

    private FrameTimes(double rate, int count, double[]? times) => (Rate, Count, this.times) = (rate, count, times);

    /// <summary>Frames per second.</summary>
    public double Rate { get; }

    /// <summary>The number of frames, at that rate.</summary>
    public int Count { get; }

    /// <summary>Whether frames are decoded as they are numbered.</summary>
    public bool IsConstant => times is null;

    /// <summary>Evenly spaced frames.</summary>
    public static FrameTimes Constant(double rate, int count) => new(rate, count, null);

    /// <summary>Frames shown at the given times in seconds; a time that goes backwards counts as unknown.</summary>
    /// <param name="seconds">Of at least one frame.</param>
    /// <param name="declaredRate">Frames per second as the file declares them, used where times are unknown or agree with it.</param>
    public static FrameTimes Of(IReadOnlyList<double> seconds, double declaredRate)
    {
        var times = new double[seconds.Count];
        for (int k = 0; k < times.Length; k++)
        {
            double previous = k == 0 ? 0 : times[k - 1];
            times[k] = seconds[k] >= previous ? seconds[k] : k == 0 ? 0 : previous + (1 / declaredRate);
        }
        int gaps = times.Length - 1;
        double step = gaps == 0 ? 1 / declaredRate : (times[^1] - times[0]) / gaps, end = times[^1] * VariableRate;
        if (step <= 0 || end >= VideoDecoder.MaxFrames) return Constant(declaredRate, times.Length);
        bool isConstant = times.Index().All(frame => Math.Abs(frame.Item - times[0] - (frame.Index * step)) <= (step / 2) + Rounding);
        if (!isConstant) return new(VariableRate, (int)Math.Ceiling(end - (Rounding * VariableRate)) + 1, times);
        bool isAsDeclared = Math.Abs((declaredRate * step) - 1) < 0.01;
        return Constant(isAsDeclared ? declaredRate : 1 / step, times.Length);
    }

    /// <summary>The decoded frame, counted from 0, that is shown as frame `index`: the last one whose time has come.</summary>
    public int Decoded(int index)
    {
        if (times is null) return index;
        int found = Array.BinarySearch(times, (index / VariableRate) + Rounding);
        if (found < 0) return Math.Max(0, ~found - 1);
        while (found + 1 < times.Length && times[found + 1] == times[found]) found++;
        return found;
    }

    /// <summary>What <paramref name="count"/> found out about the file as it is now, remembered while the program runs.</summary>
    public static FrameTimes Remembered(string path, VideoPolicy policy, Func<FrameTimes> count)
    {
        var file = new FileInfo(path);
        return counted.GetOrAdd((file.FullName, file.Length, file.LastWriteTimeUtc, policy), _ => count());
    }
}
