using System.Runtime.InteropServices;
using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>What a video file says of itself.</summary>
/// <param name="FramesPerSecond">30 where the file does not say.</param>
/// <param name="FrameCount">As announced, or as found where fewer frames decode.</param>
public sealed record VideoInfo(int Width, int Height, double FramesPerSecond, int FrameCount);

/// <summary>
/// Decodes chosen frames of a video file. Frames before the first wanted one are decoded but not converted; those after the last are not
/// touched. Containers often announce a few frames more than there are: a video that ends early is sampled again for its true length, and
/// one that lacks more than a tenth of its frames, or of the bytes that its container announces, counts as damaged.
/// </summary>
public sealed class VideoReader : IVideo
{
    private const double DefaultFramesPerSecond = 30;
    private const double LeastShareDecoded = 0.9;
    private const int MostFrames = 10_000_000;
    private const int LargestSide = 16_384;

    private readonly string path;
    private VideoCapture capture;
    private int position;

    private VideoReader(string path, VideoCapture capture, VideoInfo info) => (this.path, this.capture, Info) = (path, capture, info);

    /// <summary>What is known of the video so far.</summary>
    public VideoInfo Info { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="VideoException">The file is missing, empty, or no video that can be decoded.</exception>
    public static VideoReader Open(string path)
    {
        if (Directory.Exists(path)) throw new VideoException(path, "it is a folder, not a video file");
        if (!File.Exists(path)) throw new VideoException(path, "there is no such file");
        if (new FileInfo(path).Length == 0) throw new VideoException(path, "the file is empty");
        if (Structure(path) is { } fault) throw new VideoException(path, fault);
        var capture = Capture(path);
        try
        {
            double rate = capture.Fps, announced = capture.FrameCount;
            var (width, height) = (capture.FrameWidth, capture.FrameHeight);
            if (width is <= 0 or > LargestSide || height is <= 0 or > LargestSide) throw new VideoException(path, $"its frames claim {width}x{height} pixels");
            var info = new VideoInfo(width, height, rate is > 0 and < 1000 ? rate : DefaultFramesPerSecond, announced is > 0 and < MostFrames ? (int)announced : 0);
            var reader = new VideoReader(path, capture, info);
            if (info.FrameCount == 0) reader.Count();
            return reader;
        }
        catch
        {
            capture.Dispose();
            throw;
        }
    }

    /// <summary>Decodes the frames that `sample` chooses for the video; indices may repeat and come in any order.</summary>
    /// <param name="sample">Indices from 0 for a video; called again with the true length where the file ends early.</param>
    /// <returns>RGB frames (T, H, W, 3), uint8, on the CPU.</returns>
    /// <exception cref="VideoException">The frames cannot be decoded, or too many are missing.</exception>
    public Tensor ReadFrames(Func<VideoInfo, int[]> sample)
    {
        int announced = Info.FrameCount;
        while (true)
        {
            var indices = sample(Info);
            if (indices.Length == 0) throw new ArgumentException("no frames were asked for");
            if (indices.Min() < 0 || indices.Max() >= Info.FrameCount) throw new ArgumentException($"frames {indices.Min()} to {indices.Max()} of a video with {Info.FrameCount}");
            if (TryRead(indices) is { } frames) return frames;
            // The stream ended after `position` frames.
            RequireMost(announced);
            Info = Info with { FrameCount = position };
        }
    }

    /// <inheritdoc/>
    public void Decode(Action<Mat> onFrame)
    {
        int announced = Info.FrameCount;
        if (position > 0) Rewind();
        using var frame = new Mat();
        while (TryDecode(frame))
        {
            if (frame.Width != Info.Width || frame.Height != Info.Height) throw new VideoException(path, $"frame {position - 1} has {frame.Width}x{frame.Height} pixels, the video {Info.Width}x{Info.Height}");
            onFrame(frame);
        }
        RequireMost(announced);
        Info = Info with { FrameCount = position };
    }

    /// <summary>
    /// Decodes frames by index; they may repeat and come in any order. Where the file has fewer frames than it announced, the indices are
    /// moved closer together in proportion, so that frames that were spread evenly still are.
    /// </summary>
    /// <returns>RGB frames (T, H, W, 3), uint8, on the CPU.</returns>
    /// <exception cref="VideoException">The frames cannot be decoded, or too many are missing.</exception>
    public Tensor ReadFrames(ReadOnlySpan<int> indices)
    {
        var (wanted, announced) = (indices.ToArray(), Info.FrameCount);
        return ReadFrames(info => info.FrameCount == announced
            ? wanted
            : Array.ConvertAll(wanted, index => (int)((long)index * (info.FrameCount - 1) / (announced - 1))));
    }

    /// <summary>Decodes the frames shown at times in seconds, as <see cref="ReadFrames(Func{VideoInfo, int[]})"/>.</summary>
    public Tensor ReadFramesAt(IReadOnlyList<double> seconds) => ReadFrames(info =>
        [.. seconds.Select(time => (int)Math.Clamp(Math.Floor(time * info.FramesPerSecond), 0, info.FrameCount - 1))]);

    /// <inheritdoc/>
    public void Dispose() => capture.Dispose();

    private static VideoCapture Capture(string path)
    {
        try
        {
            var capture = new VideoCapture(path, VideoCaptureAPIs.FFMPEG);
            if (capture.IsOpened()) return capture;
            capture.Dispose();
        }
        catch (OpenCVException error)
        {
            throw new VideoException(path, error.Message.ReplaceLineEndings(" "));
        }
        throw new VideoException(path, "no video stream that can be decoded: not a video, damaged, or sound only");
    }

    // Null where the stream ends before the last index; position then tells its length.
    private Tensor? TryRead(int[] indices)
    {
        var wanted = indices.Select((index, place) => (index, place)).OrderBy(pair => pair.index).ToArray();
        if (wanted[0].index < position) Rewind();
        var frames = Allocate(indices.Length);
        using var decoded = new Mat();
        using var rgb = new Mat();
        int next = 0;
        try
        {
            while (next < wanted.Length)
            {
                if (!capture.Grab()) break;
                position++;
                if (wanted[next].index != position - 1) continue;
                if (!capture.Retrieve(decoded) || decoded.Empty()) throw new VideoException(path, $"frame {position - 1} cannot be decoded");
                if (decoded.Width != Info.Width || decoded.Height != Info.Height || decoded.Channels() != 3)
                {
                    throw new VideoException(path, $"frame {position - 1} has {decoded.Width}x{decoded.Height} pixels, the video {Info.Width}x{Info.Height}");
                }
                Cv2.CvtColor(decoded, rgb, ColorConversionCodes.BGR2RGB);
                for (; next < wanted.Length && wanted[next].index == position - 1; next++)
                {
                    using var place = frames[wanted[next].place]; // (H, W, 3); all frames together may exceed what one span can hold
                    Copy(rgb, place.bytes);
                }
            }
            if (next == wanted.Length) return frames;
            frames.Dispose();
            return null;
        }
        catch (Exception error)
        {
            frames.Dispose();
            if (error is OpenCVException) throw new VideoException(path, error.Message.ReplaceLineEndings(" "));
            throw;
        }
    }

    private bool TryDecode(Mat frame)
    {
        try
        {
            if (position >= MostFrames || !capture.Read(frame) || frame.Empty()) return false;
        }
        catch (OpenCVException error)
        {
            throw new VideoException(path, error.Message.ReplaceLineEndings(" "));
        }
        position++;
        return true;
    }

    private void RequireMost(int announced)
    {
        if (position == 0) throw new VideoException(path, "no frame can be decoded");
        if (position < LeastShareDecoded * announced) throw new VideoException(path, $"truncated or damaged: only {position} of {announced} frames decode");
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

    private static string? Structure(string path)
    {
        try
        {
            return Container.Fault(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be read: {error.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static unsafe void Copy(Mat frame, Span<byte> target)
    {
        int row = frame.Width * 3, height = frame.Height;
        for (int y = 0; y < height; y++) new ReadOnlySpan<byte>((void*)frame.Ptr(y), row).CopyTo(target.Slice(y * row, row));
    }

    // For containers that do not announce a length.
    private void Count()
    {
        while (position < MostFrames && capture.Grab()) position++;
        if (position == 0) throw new VideoException(path, "no frame can be decoded");
        Info = Info with { FrameCount = position };
    }

    private void Rewind()
    {
        capture.Dispose();
        capture = Capture(path);
        position = 0;
    }
}
