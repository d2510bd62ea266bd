using System.Diagnostics;
using OpenCvSharp;
using TimeSformer.Video;
using TimeSformer.Video.Containers;
using TimeSformer.Video.Isolation;

namespace TimeSformer.Bench.Fuzz;

/// <summary>Pictures and videos. What decodes them is native code, which runs in a child: if that crashes, the input is kept.</summary>
internal sealed class VideoTargets : IDisposable
{
    /// <summary>The most memory that a child may have needed: some frames of the greatest size, and the libraries.</summary>
    public const long MaxBytes = 4L << 30;

    private const int Frames = 5, Width = 32, Height = 24;

    // A picture may be shown for hours, which are many frames of the 30 per second that are counted.
    private const int MaxFrames = 1000;

    private static readonly (string Extension, string Codec)[] videos =
    [
        ("mp4", "mp4v"), ("mov", "mp4v"), ("3gp", "mp4v"), ("avi", "MJPG"), ("avi", "XVID"), ("avi", "FFV1"), ("avi", "PNG1"),
        ("avi", "I420"), ("mkv", "mp4v"), ("mkv", "MJPG"), ("mpg", "mpg2"), ("flv", "FLV1"), ("wmv", "WMV2"),
    ];

    // The first is not FFmpeg's to decode.
    private static readonly string[] animations = ["webp", "gif", "png"], pictures = ["jpg", "png", "bmp", "webp"];
    private static readonly TimeSpan limit = TimeSpan.FromSeconds(15);

    private DecoderProcess? child;

    public IEnumerable<FuzzTarget> Create(string folder)
    {
        Mat[] frames = [.. Enumerable.Range(0, Frames).Select(Picture)];
        byte[] Written(string name, Action<string> write)
        {
            var path = Path.Combine(folder, name);
            write(path);
            return File.ReadAllBytes(path);
        }
        byte[][] encoded = [.. videos.Select(
            kind => Written($"{kind.Codec}.{kind.Extension}", path => WriteVideo(path, kind.Codec, frames)))];
        byte[][] moving = [.. animations.Select(kind => Written($"moving.{kind}", path => Cv2.ImWrite(path, frames)))];
        byte[][] still = [.. pictures.Select(kind => Written($"still.{kind}", path => Cv2.ImWrite(path, frames[0])))];
        foreach (var frame in frames) frame.Dispose();
        yield return new("container", "input.mp4", encoded, path => _ = Container.Read(path));
        yield return new("video", "input.mp4", [.. encoded, .. moving[1..]], Decode) { Share = 0.02, Limit = 6 * limit };
        // What a picture is shows its content; the name, whether it may move.
        yield return new("picture", "input.webp", [.. still, .. moving], Decode) { Share = 0.02, Limit = 6 * limit };
    }

    public void Dispose() => child?.Dispose();

    private void Decode(string path)
    {
        child ??= new(limit);
        try
        {
            foreach (var policy in (VideoPolicy[])[VideoPolicy.Default, new(AllowTruncated: true)])
            {
                try
                {
                    var video = IsolatedVideo.Open(path, policy, child);
                    video.ReadFrames(info => [0, info.FrameCount / 2, info.FrameCount - 1], shortSide: 16).Dispose();
                    if (video.Info.FrameCount < MaxFrames) video.Decode(_ => { });
                }
                catch (VideoException) when (!policy.AllowTruncated && !child.HasEnded)
                {
                }
            }
        }
        catch (VideoException error) when (child.HasEnded)
        {
            throw new InvalidOperationException(error.Cause);
        }
        finally
        {
            if (child.HasEnded || PeakBytes(child.Id) > MaxBytes)
            {
                child.Dispose();
                child = null;
            }
        }
        if (child is null) throw new InvalidOperationException($"its decoder needed more than {MaxBytes >> 30} GiB");
    }

    private static long PeakBytes(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.PeakWorkingSet64;
    }

    private static void WriteVideo(string path, string codec, IEnumerable<Mat> frames)
    {
        using var writer = new VideoWriter();
        if (!writer.Open(path, FourCC.FromString(codec), 30, new(Width, Height))) throw new IOException($"{path} cannot be written");
        foreach (var frame in frames) writer.Write(frame);
    }

    private static Mat Picture(int number)
    {
        var picture = new Mat(Height, Width, MatType.CV_8UC3, Scalar.All(40));
        Cv2.Rectangle(picture, new Rect(3 * number, 4, 8, 12), new Scalar(200, 30, 10 * number), -1);
        return picture;
    }
}
