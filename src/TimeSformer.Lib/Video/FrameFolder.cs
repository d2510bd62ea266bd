using System.Text.RegularExpressions;
using OpenCvSharp;
using TimeSformer.Video.Containers;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>
/// A video stored as one picture per frame, ordered by the numbers in their names, at an assumed 30 frames per second; or one picture.
/// </summary>
public sealed partial class FrameFolder : IVideo
{
    private const double FramesPerSecond = 30;

    private static readonly HashSet<string> extensions = new([".jpg", ".jpeg", ".png", ".bmp", ".webp"], StringComparer.OrdinalIgnoreCase);

    private readonly string[] pictures;

    private FrameFolder(string[] pictures, VideoInfo info) => (this.pictures, Info) = (pictures, info);

    /// <inheritdoc/>
    public VideoInfo Info { get; }

    /// <summary>Opens a folder of pictures, or one picture.</summary>
    /// <exception cref="VideoException">
    /// The folder has no pictures or cannot be read, or its first picture cannot be decoded.
    /// </exception>
    public static FrameFolder Open(string path) => VideoException.Decoding(path, () =>
    {
        string[] pictures = File.Exists(path) ? [path] : [.. Pictures(path).OrderBy(Place, StringComparer.Ordinal)];
        if (pictures.Length == 0) throw new VideoException(path, $"the folder has no pictures ({string.Join(", ", extensions)})");
        using var first = Read(pictures[0]);
        return new FrameFolder(pictures, new(first.Width, first.Height, FramesPerSecond, pictures.Length));
    });

    /// <summary>Whether the path is a folder with pictures.</summary>
    public static bool IsFrameFolder(string path) => Directory.Exists(path) && Pictures(path).Any();

    /// <summary>Whether the path has the extension of a picture.</summary>
    public static bool IsPicture(string path) => extensions.Contains(Path.GetExtension(path));

    /// <summary>The pictures in a folder, in no particular order.</summary>
    public static IEnumerable<string> Pictures(string path) => Directory.EnumerateFiles(path).Where(IsPicture);

    /// <inheritdoc/>
    public Tensor ReadFrames(Func<VideoInfo, int[]> sample, int? shortSide = null)
    {
        var indices = sample(Info);
        Info.Check(indices);
        return FrameTensor.Allocate(pictures[0], indices.Length, FrameTensor.Size(Info, shortSide)).OrDispose(frames =>
        {
            foreach (var targets in indices.Index().GroupBy(entry => entry.Item, entry => entry.Index))
            {
                using var picture = ReadFrame(pictures[targets.Key]);
                FrameTensor.Store(picture, frames, targets);
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

    // Numbers in names count by their value, whatever the extension: frame9.jpg before frame10.jpeg.
    private static string Place(string path) =>
        Number().Replace(Path.GetFileNameWithoutExtension(path), number => number.Value.TrimStart('0').PadLeft(24, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    private Mat ReadFrame(string path) => Read(path).OrDispose(picture =>
        picture.Width == Info.Width && picture.Height == Info.Height ? picture : throw new VideoException(path,
            $"the picture has {picture.Width}x{picture.Height} pixels, but the first one in its folder has {Info.Width}x{Info.Height}"));

    private static Mat Read(string path) => VideoException.Decoding(path, () =>
    {
        if (Png.Fault(path) is { } fault) throw new VideoException(path, fault);
        return Cv2.ImRead(path).OrDispose(
            picture => !picture.Empty() ? picture : throw new VideoException(path, "the picture cannot be decoded"));
    });
}
