using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>A video stored as one picture per frame, ordered by name, at an assumed 30 frames per second; or one picture.</summary>
public sealed class FrameFolder : IVideo
{
    private const double FramesPerSecond = 30;

    private static readonly HashSet<string> extensions = new([".jpg", ".jpeg", ".png", ".bmp", ".webp"], StringComparer.OrdinalIgnoreCase);

    private readonly string[] pictures;

    private FrameFolder(string[] pictures, VideoInfo info) => (this.pictures, Info) = (pictures, info);

    /// <inheritdoc/>
    public VideoInfo Info { get; }

    /// <summary>Opens a folder of pictures, or one picture.</summary>
    /// <exception cref="VideoException">The folder has no pictures, or the first one cannot be decoded.</exception>
    public static FrameFolder Open(string path)
    {
        // Shorter names first: frame9.jpg before frame10.jpg.
        string[] pictures = File.Exists(path)
            ? [path]
            : [.. Pictures(path).OrderBy(picture => picture.Length).ThenBy(picture => picture, StringComparer.Ordinal)];
        if (pictures.Length == 0) throw new VideoException(path, $"the folder has no pictures ({string.Join(", ", extensions)})");
        using var first = Read(pictures[0]);
        return new(pictures, new(first.Width, first.Height, FramesPerSecond, pictures.Length));
    }

    /// <summary>Whether the path is a folder with pictures.</summary>
    public static bool IsFrameFolder(string path) => Directory.Exists(path) && Pictures(path).Any();

    /// <summary>Whether the path has the extension of a picture.</summary>
    public static bool IsPicture(string path) => extensions.Contains(Path.GetExtension(path));

    /// <summary>The pictures in a folder, in no particular order.</summary>
    public static IEnumerable<string> Pictures(string path) => Directory.EnumerateFiles(path).Where(IsPicture);

    /// <inheritdoc/>
    public unsafe Tensor ReadFrames(Func<VideoInfo, int[]> sample)
    {
        var indices = sample(Info);
        Info.Check(indices);
        return empty(new long[] { indices.Length, Info.Height, Info.Width, 3 }, ScalarType.Byte).OrDispose(frames =>
        {
            foreach (var targets in indices.Index().GroupBy(entry => entry.Item, entry => entry.Index))
            {
                using var picture = ReadFrame(pictures[targets.Key]);
                foreach (int t in targets)
                {
                    using var frame = frames[t]; // (H, W, 3)
                    fixed (byte* target = frame.bytes)
                    {
                        using var rgb = Mat.FromPixelData(Info.Height, Info.Width, MatType.CV_8UC3, (nint)target);
                        Cv2.CvtColor(picture, rgb, ColorConversionCodes.BGR2RGB);
                    }
                }
            }
            return frames;
        });
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

    /// <summary>Does nothing: no file stays open.</summary>
    public void Dispose()
    {
    }

    private Mat ReadFrame(string path) => Read(path).OrDispose(picture =>
        picture.Width == Info.Width && picture.Height == Info.Height ? picture : throw new VideoException(path,
            $"the picture has {picture.Width}x{picture.Height} pixels, but the first one in its folder has {Info.Width}x{Info.Height}"));

    private static Mat Read(string path) => VideoException.Decoding(path, () => Cv2.ImRead(path).OrDispose(
        picture => !picture.Empty() ? picture : throw new VideoException(path, "the picture cannot be decoded")));
}
