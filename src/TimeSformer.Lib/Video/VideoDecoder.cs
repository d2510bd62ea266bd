using OpenCvSharp;
using TimeSformer.Video.Containers;

namespace TimeSformer.Video;

/// <summary>Decodes the frames of a video file one after the other, turned as players show them.</summary>
internal sealed class VideoDecoder : IDisposable
{
    public const int MaxFrames = 10_000_000, MaxSide = 16_384;
    // The fraction of the declared frames or bytes that may be missing before a file counts as damaged.
    public const double MaxMissing = 0.1;

    private const double DefaultFramesPerSecond = 30;
    // OpenCV gives up at packets that it cannot decode and after 4,096 packets of sound, but goes on when asked again.
    private const int MaxAttempts = 256;

    private readonly string path;
    private readonly bool allowTruncated;
    private VideoCapture capture;

    private VideoDecoder(string path, VideoPolicy policy)
    {
        (this.path, allowTruncated) = (path, policy.AllowTruncated);
        Container = VideoException.Decoding(path, () => Container.Read(path));
        if (Container.Fault is { } fault) throw new VideoException(path, fault);
        capture = Capture();
        Rate = capture.Fps is > 0 and < 1000 ? capture.Fps : DefaultFramesPerSecond;
        // Where the container's own rate is about the same, the decoder's is the more precise one.
        if (Container.ConstantRate is { } constant && Math.Abs((Rate / constant) - 1) >= 0.01) Rate = constant;
        (Width, Height) = (capture.FrameWidth, capture.FrameHeight);
        if (Container.Mirroring is { Transposed: true }) (Width, Height) = (Height, Width);
        if (Width is > 0 and <= MaxSide && Height is > 0 and <= MaxSide) return;
        capture.Dispose();
        throw new VideoException(path, $"its frames claim to have {Width}x{Height} pixels");
    }

    /// <summary>What the file's structure says.</summary>
    public Container Container { get; }

    /// <summary>Frames per second as declared; 30 if they are not.</summary>
    public double Rate { get; }

    /// <summary>Of a frame as it is shown, in pixels.</summary>
    public int Width { get; }

    /// <summary>Of a frame as it is shown, in pixels.</summary>
    public int Height { get; }

    /// <summary>The number of frames decoded so far.</summary>
    public int Position { get; private set; }

    /// <summary>When the last decoded frame is shown, in seconds; not a number that can be relied on in all files.</summary>
    public double Seconds => capture.Get(VideoCaptureProperties.PosMsec) / 1000;

    /// <summary>Opens a video file; that it was cut off is no error yet.</summary>
    /// <exception cref="VideoException">The file is missing, empty or no video.</exception>
    public static VideoDecoder Open(string path, VideoPolicy policy)
    {
        if (Directory.Exists(path)) throw new VideoException(path, "it is a folder, not a video file");
        if (!File.Exists(path)) throw new VideoException(path, "file not found");
        if (new FileInfo(path).Length == 0) throw new VideoException(path, "the file is empty");
        return new(path, policy);
    }

    /// <summary>Decodes the next frame; false at the end.</summary>
    public bool Grab()
    {
        for (int attempt = 0; attempt < MaxAttempts && Position < MaxFrames; attempt++)
        {
            if (!capture.Grab()) continue;
            Position++;
            return true;
        }
        return false;
    }

    /// <summary>Converts the last decoded frame to BGR.</summary>
    /// <exception cref="VideoException">It cannot be converted, or has another size than the video.</exception>
    public void Retrieve(Mat frame)
    {
        bool isColor = capture.Retrieve(frame) && !frame.Empty() && frame.Channels() == 3;
        if (!isColor) throw new VideoException(path, $"frame {Position - 1} cannot be decoded");
        Container.Mirroring?.Apply(frame);
        if (frame.Width == Width && frame.Height == Height) return;
        throw new VideoException(path, $"frame {Position - 1} has {frame.Width}x{frame.Height} pixels, but the video has {Width}x{Height}");
    }

    /// <summary>Goes back to the first frame.</summary>
    public void Rewind()
    {
        capture.Dispose();
        capture = Capture();
        Position = 0;
    }

    /// <summary>Checks that the file's frames could be decoded, nearly all of them.</summary>
    /// <param name="decoded">The number of decoded frames.</param>
    /// <param name="declared">What it should be; if null, what the file says.</param>
    /// <exception cref="VideoException">There are none, or fewer than the policy allows.</exception>
    public void RequireFrames(int decoded, int? declared = null)
    {
        if (decoded == 0) throw new VideoException(path, "no frame can be decoded");
        if (!IsDamaged(decoded, declared ?? Container.Frames ?? capture.FrameCount)) return;
        // Other counts than the container's own are guesses from the length of the sound, so the packets are counted too.
        int count = declared ?? Container.Frames ?? CountPackets();
        if (!IsDamaged(decoded, count)) return;
        throw new VideoException(path, $"truncated or damaged: only {decoded} of {count} frames can be decoded");
    }

    public void Dispose() => capture.Dispose();

    private bool IsDamaged(int decoded, double declared) => !allowTruncated && decoded < (1 - MaxMissing) * declared;

    private int CountPackets()
    {
        using var packets = Capture((int)VideoCaptureProperties.Format, -1);
        int count = 0;
        while (count < MaxFrames && packets.Grab()) count++;
        return count;
    }

    // A whole path, as FFmpeg takes what precedes a colon for a protocol, except after a slash.
    private VideoCapture Capture(params int[] options) => VideoException.Decoding(path, () =>
        new VideoCapture(Path.GetFullPath(path), VideoCaptureAPIs.FFMPEG, options).OrDispose(capture =>
        {
            if (!capture.IsOpened())
            {
                throw new VideoException(path, "no video stream that can be decoded: not a video, damaged, or audio only");
            }
            if (Container.Mirroring is not null) capture.Set(VideoCaptureProperties.OrientationAuto, 0);
            return capture;
        }));
}
