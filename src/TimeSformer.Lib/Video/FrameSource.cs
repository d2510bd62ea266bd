using System.Diagnostics;
using System.Globalization;
using OpenCvSharp;
using TimeSformer.Video.Isolation;

namespace TimeSformer.Video;

/// <summary>Frames that come one after the other, from a source whose length is not known.</summary>
internal interface IFrameSource : IDisposable
{
    /// <summary>Frames per second: the one at index k is shown at k / Rate seconds.</summary>
    double Rate { get; }

    /// <summary>Whether frames come as time passes, so that a consumer that is late misses some.</summary>
    bool IsLive { get; }

    /// <summary>Decodes the frames to the end.</summary>
    /// <param name="isWanted">Asked for each index from 0 on, in order.</param>
    /// <param name="onFrame">Receives the wanted ones with their index (BGR, valid until the call returns).</param>
    /// <exception cref="VideoException">The source breaks off, or a frame cannot be decoded.</exception>
    void Decode(Func<int, bool> isWanted, Action<int, Mat> onFrame);

    /// <summary>Opens a video file, or a camera by its number (0 is the first) or its device in /dev.</summary>
    /// <exception cref="VideoException">There is no such file or camera, or it cannot be opened.</exception>
    static IFrameSource Open(string source, VideoPolicy policy)
    {
        if (policy.Isolate) return new IsolatedFrames(source, policy);
        bool isNumber = int.TryParse(source, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && !File.Exists(source);
        bool isCamera = isNumber || source.StartsWith("/dev/", StringComparison.Ordinal);
        if (!isCamera) return new FileFrames(source, policy);
        var capture = VideoException.Decoding(source, () => isNumber ? new VideoCapture(number) : new VideoCapture(source));
        return capture.OrDispose(_ => capture.IsOpened()
            ? new CameraFrames(source, capture)
            : throw new VideoException(source, "this camera cannot be opened: there is none, or it is in use"));
    }
}

/// <summary>
/// A video file. That it was cut off is found at its end. Where its container does not list evenly spaced frames, they are chosen by the
/// times that the decoder tells.
/// </summary>
internal sealed class FileFrames : IFrameSource
{
    private readonly string path;
    private readonly VideoPolicy policy;
    private readonly VideoDecoder decoder;

    public FileFrames(string path, VideoPolicy policy)
    {
        (this.path, this.policy, decoder) = (path, policy, VideoDecoder.Open(path, policy));
        // Frames at distances that vary are measured as the official code does; of containers that list none, the distances are unknown.
        bool varies = decoder.Container is { Frames: not null, ConstantRate: null };
        Rate = varies ? ClipSampler.TargetFramesPerSecond : decoder.Rate;
    }

    public double Rate { get; }

    public bool IsLive => false;

    public void Decode(Func<int, bool> isWanted, Action<int, Mat> onFrame)
    {
        if (decoder.Container.ConstantRate is null) DecodeByTime(isWanted, onFrame);
        else DecodeByCount(isWanted, onFrame);
        if (decoder.Container.Truncation is { } truncation && !policy.AllowTruncated) throw new VideoException(path, truncation);
        decoder.RequireFrames(decoder.Position);
    }

    public void Dispose() => decoder.Dispose();

    private void DecodeByCount(Func<int, bool> isWanted, Action<int, Mat> onFrame)
    {
        using var frame = new Mat();
        while (decoder.Grab())
        {
            int index = decoder.Position - 1;
            if (!isWanted(index)) continue;
            decoder.Retrieve(frame);
            onFrame(index, frame);
        }
    }

    private void DecodeByTime(Func<int, bool> isWanted, Action<int, Mat> onFrame)
    {
        using var timed = new TimedFrames(Rate, isWanted, onFrame);
        while (decoder.Grab()) timed.Add(decoder.Seconds, decoder.Retrieve);
        timed.End();
    }
}

/// <summary>A camera; its frames are shown when they arrive.</summary>
internal sealed class CameraFrames(string source, VideoCapture capture) : IFrameSource
{
    public double Rate { get; } = capture.Fps is > 0 and < 1000 ? capture.Fps : ClipSampler.TargetFramesPerSecond;

    public bool IsLive => true;

    public void Decode(Func<int, bool> isWanted, Action<int, Mat> onFrame)
    {
        using var timed = new TimedFrames(Rate, isWanted, onFrame);
        var clock = Stopwatch.StartNew();
        while (capture.Grab()) timed.Add(clock.Elapsed.TotalSeconds, frame => capture.Retrieve(frame));
        throw new VideoException(source, "the camera gives no more frames");
    }

    public void Dispose() => capture.Dispose();
}

/// <summary>Numbers frames by the times at which they are shown: the one at index k is the last whose time has come at k / rate.</summary>
internal sealed class TimedFrames(double rate, Func<int, bool> isWanted, Action<int, Mat> onFrame) : IDisposable
{
    private Mat shown = new(), latest = new();
    private double? start;
    private double time;
    private int next;

    /// <summary>Takes the next frame.</summary>
    /// <param name="seconds">When it is shown, counted from the first frame; a time that does not go on counts as unknown.</param>
    /// <param name="retrieve">Stores the frame.</param>
    public void Add(double seconds, Action<Mat> retrieve)
    {
        if (start is not { } first) start = seconds;
        else
        {
            time = seconds - first > time ? seconds - first : time + (1 / rate);
            for (; next / rate < time - FrameTimes.Rounding && next < VideoDecoder.MaxFrames; next++) Show();
        }
        retrieve(latest);
        (shown, latest) = (latest, shown);
    }

    /// <summary>Shows the last frame.</summary>
    public void End()
    {
        if (start is not null) Show();
    }

    public void Dispose()
    {
        shown.Dispose();
        latest.Dispose();
    }

    private void Show()
    {
        if (isWanted(next)) onFrame(next, shown);
    }
}
