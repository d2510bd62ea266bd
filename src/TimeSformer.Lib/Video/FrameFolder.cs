using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>A video that was extracted into pictures, one a frame, in the order of their names; taken to have 30 a second. A single picture is a video of one frame.</summary>
public sealed class FrameFolder : IVideo
{
    private const double FramesPerSecond = 30;

    private static readonly HashSet<string> endings = new([".jpg", ".jpeg", ".png", ".bmp", ".webp"], StringComparer.OrdinalIgnoreCase);

    private readonly string[] pictures;

    private FrameFolder(string[] pictures, VideoInfo info) => (this.pictures, Info) = (pictures, info);

    /// <inheritdoc/>
    public VideoInfo Info { get; }

    /// <summary>Opens a folder, or one picture.</summary>
    /// <exception cref="VideoException">There is no picture in it, or the first cannot be decoded.</exception>
    public static FrameFolder Open(string path)
    {
        // Shorter names first: frame9.jpg before frame10.jpg.
        string[] pictures = File.Exists(path) ? [path] : [.. Pictures(path).OrderBy(picture => picture.Length).ThenBy(picture => picture, StringComparer.Ordinal)];
        if (pictures.Length == 0) throw new VideoException(path, $"the folder has no pictures ({string.Join(", ", endings)})");
        using var first = Read(pictures[0]);
        return new(pictures, new(first.Width, first.Height, FramesPerSecond, pictures.Length));
    }

    /// <summary>Whether a folder has pictures.</summary>
    public static bool Is(string path) => Directory.Exists(path) && Pictures(path).Any();

    /// <summary>Whether a file's name is a picture's.</summary>
    public static bool IsPicture(string path) => endings.Contains(Path.GetExtension(path));

    /// <summary>The pictures in a folder.</summary>
    public static IEnumerable<string> Pictures(string path) => Directory.EnumerateFiles(path).Where(IsPicture);

    /// <inheritdoc/>
    public unsafe Tensor ReadFrames(Func<VideoInfo, int[]> sample)
    {
        var indices = sample(Info);
        if (indices.Length == 0) throw new ArgumentException("no frames were asked for");
        if (indices.Min() < 0 || indices.Max() >= pictures.Length) throw new ArgumentException($"frames {indices.Min()} to {indices.Max()} of a video with {pictures.Length}");
        var frames = empty(new long[] { indices.Length, Info.Height, Info.Width, 3 }, ScalarType.Byte);
        try
        {
            foreach (var (index, places) in indices.Index().GroupBy(entry => entry.Item, entry => entry.Index).Select(group => (group.Key, group)))
            {
                using var picture = ReadFrame(pictures[index]);
                foreach (int place in places)
                {
                    using var frame = frames[place]; // (H, W, 3)
                    fixed (byte* target = frame.bytes)
                    {
                        using var rgb = Mat.FromPixelData(Info.Height, Info.Width, MatType.CV_8UC3, (nint)target);
                        Cv2.CvtColor(picture, rgb, ColorConversionCodes.BGR2RGB);
                    }
                }
            }
            return frames;
        }
        catch
        {
            frames.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Decode(Action<Mat> onFrame)
    {
        foreach (var path in pictures)
        {
            using var picture = ReadFrame(path);
            onFrame(picture);
        }
    }

    /// <summary>Holds nothing open.</summary>
    public void Dispose()
    {
    }

    private Mat ReadFrame(string path)
    {
        var picture = Read(path);
        if (picture.Width == Info.Width && picture.Height == Info.Height) return picture;
        var (width, height) = (picture.Width, picture.Height);
        picture.Dispose();
        throw new VideoException(path, $"the picture has {width}x{height} pixels, the first of its folder {Info.Width}x{Info.Height}");
    }

    private static Mat Read(string picture)
    {
        try
        {
            var decoded = Cv2.ImRead(picture);
            if (!decoded.Empty()) return decoded;
            decoded.Dispose();
        }
        catch (OpenCVException error)
        {
            throw new VideoException(picture, error.Message.ReplaceLineEndings(" "));
        }
        throw new VideoException(picture, "the picture cannot be decoded");
    }
}
