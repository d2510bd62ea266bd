using OpenCvSharp;
using TimeSformer.Video.Containers;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>
/// Decodes selected frames of a video file, turned as players show it. Frames are chosen by the times at which they are shown
/// (<see cref="VideoInfo"/>). Where the container does not list its frames, they are counted once by decoding. Frames before the last
/// requested one are decoded but only the requested ones converted.
/// </summary>
public sealed class VideoReader : IVideo
{
    internal const int MaxFrames = 10_000_000;
    // The fraction of the declared frames or bytes that may be missing before a file counts as damaged.
    internal const double MaxMissing = 0.1;

    private const double DefaultFramesPerSecond = 30;
    private const int MaxSide = 16_384;
    // OpenCV gives up at packets that it cannot decode and after 4,096 packets of sound, but goes on when asked again.
    private const int MaxAttempts = 256;

    private readonly string path;
    private readonly Container container;
    private readonly VideoPolicy policy;
    private VideoCapture capture;
    private FrameTimes times;
    private int position;

    private VideoReader(string path, VideoPolicy policy)
    {
        (this.path, this.policy) = (path, policy);
        container = ReadContainer();
        if (container.Fault is { } fault) throw new VideoException(path, fault);
        if (container.Truncation is { } truncation && !policy.AllowTruncated) throw new VideoException(path, truncation);
        capture = Capture();
        try
        {
            double rate = capture.Fps is > 0 and < 1000 ? capture.Fps : DefaultFramesPerSecond;
            var (width, height) = (capture.FrameWidth, capture.FrameHeight);
            if (container.Mirroring is { Transposed: true }) (width, height) = (height, width);
            bool isPossible = width is > 0 and <= MaxSide && height is > 0 and <= MaxSide;
            if (!isPossible) throw new VideoException(path, $"its frames claim to have {width}x{height} pixels");
            times = container is { Truncation: null, ConstantRate: { } constant, Frames: { } count }
                ? FrameTimes.Constant(Math.Abs((rate / constant) - 1) < 0.01 ? rate : constant, count)
                : FrameTimes.Remembered(path, policy, () => Count(rate));
            Info = new(width, height, times.Rate, times.Count);
        }
        catch
        {
            capture.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public VideoInfo Info { get; private set; }

    /// <summary>Opens a video file.</summary>
    /// <exception cref="VideoException">The file is missing, empty, truncated or cannot be decoded.</exception>
    public static VideoReader Open(string path, VideoPolicy? policy = null)
    {
        if (Directory.Exists(path)) throw new VideoException(path, "it is a folder, not a video file");
        if (!File.Exists(path)) throw new VideoException(path, "file not found");
        if (new FileInfo(path).Length == 0) throw new VideoException(path, "the file is empty");
        return new(path, policy ?? VideoPolicy.Default);
    }

    /// <inheritdoc/>
    public Tensor ReadFrames(Func<VideoInfo, int[]> sample, int? shortSide = null) => Read(shortSide, () =>
    {
        var indices = sample(Info);
        Info.Check(indices);
        return Array.ConvertAll(indices, times.Decoded);
    });

    /// <inheritdoc/>
    public void Decode(Action<Mat> onFrame)
    {
        if (position > 0) Rewind();
        using var frame = new Mat();
        int shown = 0;
        while (Grab())
        {
            if (times.IsConstant || times.Decoded(shown) == position - 1) Retrieve(frame);
            if (times.IsConstant) onFrame(frame);
            else for (; shown < times.Count && times.Decoded(shown) == position - 1; shown++) onFrame(frame);
        }
        if (times.IsConstant) CorrectFrameCount();
    }

    /// <summary>Decodes frames by index; if the file has fewer than it declares, all indices are scaled down in proportion.</summary>
    /// <returns>RGB frames (T, H, W, 3), uint8, on the CPU.</returns>
    /// <exception cref="ArgumentException">There are no indices, or one is out of range.</exception>
    /// <exception cref="VideoException">The frames cannot be decoded, or too many are missing.</exception>
    public Tensor ReadFrames(ReadOnlySpan<int> indices)
    {
        var (wanted, declared) = (indices.ToArray(), Info.FrameCount);
        return ReadFrames(info => info.FrameCount == declared
            ? wanted
            : Array.ConvertAll(wanted, index => (int)((long)index * (info.FrameCount - 1) / (declared - 1))));
    }

    /// <summary>Decodes the frames shown at the given times in seconds, clamped to the video.</summary>
    /// <returns>RGB frames (T, H, W, 3), uint8, on the CPU.</returns>
    /// <exception cref="ArgumentException">There are no times.</exception>
    /// <exception cref="VideoException">The frames cannot be decoded, or too many are missing.</exception>
    public Tensor ReadFramesAt(IReadOnlyList<double> seconds) => seconds.Count > 0
        ? Read(shortSide: null, () => [.. seconds.Select(times.At)])
        : throw new ArgumentException("no times were given");

    /// <inheritdoc/>
    public void Dispose() => capture.Dispose();

    private Container ReadContainer()
    {
        try
        {
            return Container.Read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VideoException(path, $"the file cannot be read: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    // A whole path, as FFmpeg takes what precedes a colon for a protocol, except after a slash.
    private VideoCapture Capture(params int[] options) => VideoException.Decoding(path, () =>
        new VideoCapture(Path.GetFullPath(path), VideoCaptureAPIs.FFMPEG, options).OrDispose(capture =>
        {
            if (!capture.IsOpened())
            {
                throw new VideoException(path, "no video stream that can be decoded: not a video, damaged, or audio only");
            }
            if (container.Mirroring is not null) capture.Set(VideoCaptureProperties.OrientationAuto, 0);
            return capture;
        }));

    private Tensor Read(int? shortSide, Func<int[]> decoded)
    {
        while (true)
        {
            if (TryRead(decoded(), shortSide) is { } frames) return frames;
            CorrectFrameCount();
        }
    }

    // Null if the stream ends before the last frame; `position` is then its length.
    private Tensor? TryRead(int[] decoded, int? shortSide)
    {
        var wanted = decoded.Select((index, target) => (index, target)).OrderBy(pair => pair.index).ToArray();
        if (wanted[0].index < position) Rewind();
        var size = FrameTensor.Size(Info, shortSide);
        return VideoException.Decoding(path, () =>
            FrameTensor.Allocate(path, decoded.Length, size).OrDispose(frames => TryRead(wanted, frames)));
    }

    private Tensor? TryRead((int Index, int Target)[] wanted, Tensor frames)
    {
        using var frame = new Mat();
        var targets = wanted.ToLookup(pair => pair.Index, pair => pair.Target);
        while (position <= wanted[^1].Index && Grab())
        {
            if (!targets.Contains(position - 1)) continue;
            Retrieve(frame);
            FrameTensor.Store(frame, frames, targets[position - 1]);
        }
        if (position > wanted[^1].Index) return frames;
        frames.Dispose();
        return null;
    }

    private bool Grab()
    {
        for (int attempt = 0; attempt < MaxAttempts && position < MaxFrames; attempt++)
        {
            if (!capture.Grab()) continue;
            position++;
            return true;
        }
        return false;
    }

    private void Retrieve(Mat frame)
    {
        bool isColor = capture.Retrieve(frame) && !frame.Empty() && frame.Channels() == 3;
        if (!isColor) throw new VideoException(path, $"frame {position - 1} cannot be decoded");
        container.Mirroring?.Apply(frame);
        if (frame.Width == Info.Width && frame.Height == Info.Height) return;
        throw new VideoException(
            path, $"frame {position - 1} has {frame.Width}x{frame.Height} pixels, but the video has {Info.Width}x{Info.Height}");
    }

    // Decodes all frames, for containers that do not list them.
    private FrameTimes Count(double rate)
    {
        double declared = container.Frames ?? capture.FrameCount;
        var seconds = new List<double>();
        while (Grab()) seconds.Add(capture.Get(VideoCaptureProperties.PosMsec) / 1000);
        if (seconds.Count == 0) throw new VideoException(path, "no frame can be decoded");
        // Other counts than the container's own are guesses from the length of the sound, so the packets are counted too.
        if (IsDamaged(seconds.Count, declared)) RequireFrames(seconds.Count, container.Frames ?? CountPackets());
        return FrameTimes.Of(seconds, rate);
    }

    private int CountPackets()
    {
        using var packets = Capture((int)VideoCaptureProperties.Format, -1);
        int count = 0;
        while (count < MaxFrames && packets.Grab()) count++;
        return count;
    }

    // The stream ended after `position` decoded frames.
    private void CorrectFrameCount()
    {
        if (position == 0) throw new VideoException(path, "no frame can be decoded");
        if (!times.IsConstant) throw new VideoException(path, $"only {position} frames can be decoded now, fewer than before");
        RequireFrames(position, times.Count);
        times = FrameTimes.Constant(times.Rate, position);
        Info = Info with { FrameCount = position };
    }

    private bool IsDamaged(int decoded, double declared) => !policy.AllowTruncated && decoded < (1 - MaxMissing) * declared;

    private void RequireFrames(int decoded, int declared)
    {
        if (!IsDamaged(decoded, declared)) return;
        throw new VideoException(path, $"truncated or damaged: only {decoded} of {declared} frames can be decoded");
    }

    private void Rewind()
    {
        capture.Dispose();
        capture = Capture();
        position = 0;
    }
}
