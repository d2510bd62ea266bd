using System.Runtime.InteropServices;
using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>
/// Decodes selected frames of a video file. Frames before the last requested one are decoded but only the requested ones converted. As
/// containers often declare a few frames too many, a video that ends early is sampled again with its true length; one that lacks more than
/// a tenth of its declared frames or bytes counts as damaged.
/// </summary>
public sealed class VideoReader : IVideo
{
    private const double DefaultFramesPerSecond = 30, MinDecodedFraction = 0.9;
    private const int MaxFrames = 10_000_000, MaxSide = 16_384;

    private readonly string path;
    private VideoCapture capture;
    private int position;

    private VideoReader(string path, VideoCapture capture, VideoInfo info) => (this.path, this.capture, Info) = (path, capture, info);

    /// <inheritdoc/>
    public VideoInfo Info { get; private set; }

    /// <summary>Opens a video file.</summary>
    /// <exception cref="VideoException">The file is missing, empty or cannot be decoded.</exception>
    public static VideoReader Open(string path)
    {
        if (Directory.Exists(path)) throw new VideoException(path, "it is a folder, not a video file");
        if (!File.Exists(path)) throw new VideoException(path, "file not found");
        if (new FileInfo(path).Length == 0) throw new VideoException(path, "the file is empty");
        if (FindFault(path) is { } fault) throw new VideoException(path, fault);
        return Capture(path).OrDispose(capture =>
        {
            double rate = capture.Fps, declared = capture.FrameCount;
            var (width, height) = (capture.FrameWidth, capture.FrameHeight);
            bool isPossible = width is > 0 and <= MaxSide && height is > 0 and <= MaxSide;
            if (!isPossible) throw new VideoException(path, $"its frames claim to have {width}x{height} pixels");
            if (rate is not (> 0 and < 1000)) rate = DefaultFramesPerSecond;
            var info = new VideoInfo(width, height, rate, declared is > 0 and < MaxFrames ? (int)declared : 0);
            var reader = new VideoReader(path, capture, info);
            if (info.FrameCount == 0) reader.CountFrames();
            return reader;
        });
    }

    /// <inheritdoc/>
    public Tensor ReadFrames(Func<VideoInfo, int[]> sample)
    {
        int declared = Info.FrameCount;
        while (true)
        {
            var indices = sample(Info);
            Info.Check(indices);
            if (TryRead(indices) is { } frames) return frames;
            CorrectFrameCount(declared);
        }
    }

    /// <inheritdoc/>
    public void Decode(Action<Mat> onFrame)
    {
        int declared = Info.FrameCount;
        if (position > 0) Rewind();
        using var frame = new Mat();
        while (TryDecode(frame))
        {
            RequireSize(frame);
            onFrame(frame);
        }
        CorrectFrameCount(declared);
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
    public Tensor ReadFramesAt(IReadOnlyList<double> seconds) => ReadFrames(info =>
        [.. seconds.Select(time => (int)Math.Clamp(Math.Floor(time * info.FramesPerSecond), 0, info.FrameCount - 1))]);

    /// <inheritdoc/>
    public void Dispose() => capture.Dispose();

    private static VideoCapture Capture(string path) => VideoException.Decoding(path, () =>
        new VideoCapture(path, VideoCaptureAPIs.FFMPEG).OrDispose(capture => capture.IsOpened() ? capture
            : throw new VideoException(path, "no video stream that can be decoded: not a video, damaged, or audio only")));

    // Null if the stream ends before the last index; `position` is then its length.
    private Tensor? TryRead(int[] indices)
    {
        var wanted = indices.Select((index, target) => (index, target)).OrderBy(pair => pair.index).ToArray();
        if (wanted[0].index < position) Rewind();
        return VideoException.Decoding(path, () => Allocate(indices.Length).OrDispose(frames => TryRead(wanted, frames)));
    }

    private Tensor? TryRead((int Index, int Target)[] wanted, Tensor frames)
    {
        using var decoded = new Mat();
        using var rgb = new Mat();
        int next = 0;
        while (next < wanted.Length && capture.Grab())
        {
            position++;
            if (wanted[next].Index != position - 1) continue;
            bool isColor = capture.Retrieve(decoded) && !decoded.Empty() && decoded.Channels() == 3;
            if (!isColor) throw new VideoException(path, $"frame {position - 1} cannot be decoded");
            RequireSize(decoded);
            Cv2.CvtColor(decoded, rgb, ColorConversionCodes.BGR2RGB);
            for (; next < wanted.Length && wanted[next].Index == position - 1; next++)
            {
                using var target = frames[wanted[next].Target]; // (H, W, 3): a span cannot hold more than 2 GiB
                Copy(rgb, target.bytes);
            }
        }
        if (next == wanted.Length) return frames;
        frames.Dispose();
        return null;
    }

    private bool TryDecode(Mat frame)
    {
        if (position >= MaxFrames || !VideoException.Decoding(path, () => capture.Read(frame) && !frame.Empty())) return false;
        position++;
        return true;
    }

    // The stream ended after `position` frames.
    private void CorrectFrameCount(int declared)
    {
        if (position == 0) throw new VideoException(path, "no frame can be decoded");
        bool isDamaged = position < MinDecodedFraction * declared;
        if (isDamaged) throw new VideoException(path, $"truncated or damaged: only {position} of {declared} frames can be decoded");
        Info = Info with { FrameCount = position };
    }

    private void RequireSize(Mat frame)
    {
        if (frame.Width == Info.Width && frame.Height == Info.Height) return;
        throw new VideoException(
            path, $"frame {position - 1} has {frame.Width}x{frame.Height} pixels, but the video has {Info.Width}x{Info.Height}");
    }

    private Tensor Allocate(int count)
    {
        try
        {
            return empty(new long[] { count, Info.Height, Info.Width, 3 }, ScalarType.Byte);
        }
        catch (ExternalException)
        {
            throw new VideoException(path, $"{count} frames of {Info.Width}x{Info.Height} pixels do not fit into memory");
        }
    }

    private static string? FindFault(string path)
    {
        try
        {
            return Container.FindFault(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"the file cannot be read: {error.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static unsafe void Copy(Mat frame, Span<byte> target)
    {
        int row = frame.Width * 3, height = frame.Height;
        for (int y = 0; y < height; y++) new ReadOnlySpan<byte>((void*)frame.Ptr(y), row).CopyTo(target.Slice(y * row, row));
    }

    // For containers that do not declare a length.
    private void CountFrames()
    {
        while (position < MaxFrames && capture.Grab()) position++;
        CorrectFrameCount(declared: 0);
    }

    private void Rewind()
    {
        capture.Dispose();
        capture = Capture(path);
        position = 0;
    }
}
