using System.Collections.Concurrent;
using OpenCvSharp;
using TimeSformer.Video;

namespace TimeSformer.Data;

/// <summary>The new list, without the broken videos, and how many copies were written now or existed already.</summary>
public sealed record Prepared(string List, int Written, int Found, IReadOnlyDictionary<string, string> Broken);

/// <summary>
/// Makes small copies of videos, so that training decodes fewer pixels: H.264 in .mp4 (MPEG-4 if OpenCV has no H.264 encoder), without
/// audio; videos that are small already are copied as they are. Copies are written atomically, and existing ones are kept.
/// </summary>
public static class VideoPreparation
{
    private const string VideoFolder = "videos";

    /// <summary>Writes copies of a list's videos to <c>FOLDER/videos</c>, and their list and classes.txt to the folder.</summary>
    /// <param name="name">The name of the new list.</param>
    /// <param name="shortSide">The short side of the copies in pixels. Smaller videos are copied unchanged.</param>
    /// <param name="policy">Which imperfect videos are copied; by default, <see cref="VideoPolicy.Default"/>.</param>
    /// <param name="progress">Receives the number of videos processed so far.</param>
    /// <param name="cancel">Stops the work; the next call resumes it.</param>
    /// <exception cref="InputException">The short side is not 16 to 16384 pixels.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static Prepared Run(
        VideoList list, string folder, string name, int shortSide, int workers, VideoPolicy? policy = null,
        IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        if (shortSide is < 16 or > 16_384) throw new InputException($"the short side is {shortSide} pixels; it must be 16 to 16384");
        folder = Path.GetFullPath(folder);
        var targets = Targets(list, Path.Combine(folder, VideoFolder));
        var broken = new ConcurrentDictionary<string, string>();
        int done = 0, written = 0;
        Parallel.ForEach(targets, new() { MaxDegreeOfParallelism = workers, CancellationToken = cancel }, entry =>
        {
            try
            {
                if (!File.Exists(entry.Value))
                {
                    Write(entry.Key, entry.Value, shortSide, policy, cancel);
                    Interlocked.Increment(ref written);
                }
            }
            catch (VideoException error)
            {
                broken[entry.Key] = error.Cause;
            }
            progress?.Report(Interlocked.Increment(ref done));
        });
        var path = Path.Combine(folder, name);
        File.WriteAllLines(Path.Combine(folder, VideoList.ClassesName), list.Classes);
        var copies = list.Items.Where(item => !broken.ContainsKey(item.Path)).Select(item => item with { Path = targets[item.Path] });
        VideoList.Write(path, copies);
        return new(path, written, targets.Count - written - broken.Count, broken);
    }

    // Copies keep their paths below the originals' common folder. Originals that differ only in their extension keep it before .mp4.
    private static Dictionary<string, string> Targets(VideoList list, string folder)
    {
        var paths = list.Items.Select(item => item.Path).Distinct().ToList();
        var common = paths.Select(path => Path.GetDirectoryName(path)!).Aggregate(CommonFolder);
        string Target(string path) => Path.Combine(folder, Path.GetRelativePath(common, path));
        string Mp4(string path) => Path.ChangeExtension(Target(path), ".mp4");
        var counts = paths.CountBy(Mp4).ToDictionary();
        return paths.ToDictionary(path => path, path => counts[Mp4(path)] == 1 ? Mp4(path) : Target(path) + ".mp4");
    }

    private static string CommonFolder(string first, string second)
    {
        while (first != second && !second.StartsWith(first.TrimEnd('/') + "/", StringComparison.Ordinal))
        {
            first = Path.GetDirectoryName(first)!;
        }
        return first;
    }

    private static void Write(string source, string target, int shortSide, VideoPolicy? policy, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var partial = Path.ChangeExtension(target, ".partial.mp4");
        using var video = IVideo.Open(source, policy);
        var (width, height) = (video.Info.Width, video.Info.Height);
        try
        {
            if (Math.Min(width, height) <= shortSide && File.Exists(source))
            {
                video.Decode(_ => cancel.ThrowIfCancellationRequested());
                File.Copy(source, partial, overwrite: true);
            }
            else
            {
                double scale = Math.Min(1, (double)shortSide / Math.Min(width, height));
                Encode(video, partial, new(Even(width * scale), Even(height * scale)), cancel);
            }
            File.Move(partial, target);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void Encode(IVideo video, string path, Size size, CancellationToken cancel)
    {
        using var writer = OpenWriter(path, video.Info.FramesPerSecond, size, "avc1", "mp4v");
        using var small = new Mat();
        video.Decode(frame =>
        {
            cancel.ThrowIfCancellationRequested();
            Cv2.Resize(frame, small, size, interpolation: InterpolationFlags.Area);
            writer.Write(small);
        });
    }

    /// <summary>Opens a writer with the first of the codecs (FourCC) that OpenCV has.</summary>
    /// <exception cref="IOException">The file cannot be written, or OpenCV has none of the codecs.</exception>
    internal static VideoWriter OpenWriter(string path, double rate, Size size, params string[] codes)
    {
        foreach (var code in codes)
        {
            var writer = new VideoWriter(path, FourCC.FromString(code), rate, size);
            if (writer.IsOpened()) return writer;
            writer.Dispose();
        }
        var codecs = string.Join(" or ", codes);
        throw new IOException($"{path}: cannot write the video; check that the folder is writable and that OpenCV can encode {codecs}");
    }

    // H.264 stores one color per 2 x 2 pixels.
    private static int Even(double length) => Math.Max(2, 2 * (int)Math.Round(length / 2));
}
