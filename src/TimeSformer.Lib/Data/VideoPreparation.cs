using System.Collections.Concurrent;
using OpenCvSharp;
using TimeSformer.Video;

namespace TimeSformer.Data;

/// <summary>What became of the videos of a list.</summary>
/// <param name="List">The list of the prepared videos.</param>
/// <param name="Written">Videos written this time.</param>
/// <param name="Found">Videos that were there.</param>
/// <param name="Broken">Videos that could not be decoded, with the cause; they are not in the list.</param>
public sealed record Prepared(string List, int Written, int Found, IReadOnlyDictionary<string, string> Broken);

/// <summary>
/// Makes small copies of videos, so that training decodes fewer pixels: H.264 in .mp4 (MPEG-4 where OpenCV has no encoder for it), without
/// sound. A copy appears under its name only when it is whole, and one that is there is not made again.
/// </summary>
public static class VideoPreparation
{
    private const string VideoFolder = "videos";

    /// <summary>Prepares the videos of a list into <c>FOLDER/videos</c>, with a list and classes.txt in the folder.</summary>
    /// <param name="list">The videos.</param>
    /// <param name="folder">Where the copies go.</param>
    /// <param name="name">Name of the new list.</param>
    /// <param name="shortSide">Pixels of the shorter side. Videos that are no larger are copied as they are.</param>
    /// <param name="workers">Videos at a time.</param>
    /// <param name="progress">Told the number of videos done.</param>
    /// <param name="cancel">Ends the work; run again, it goes on.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Prepared Run(VideoList list, string folder, string name, int shortSide, int workers, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        if (shortSide is < 16 or > 16_384) throw new InputException($"a short side of {shortSide} pixels; it must be 16 to 16384");
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
                    Write(entry.Key, entry.Value, shortSide, cancel);
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
        VideoList.Write(path, list.Items.Where(item => !broken.ContainsKey(item.Path)).Select(item => item with { Path = targets[item.Path] }));
        return new(path, written, targets.Count - written - broken.Count, broken);
    }

    // A copy lies as its original does below the folder that all originals share; two that differ in their ending alone keep it.
    private static Dictionary<string, string> Targets(VideoList list, string folder)
    {
        var paths = list.Items.Select(item => item.Path).Distinct().ToList();
        var common = paths.Select(path => Path.GetDirectoryName(path)!).Aggregate(Shared);
        string Plain(string path) => Path.ChangeExtension(Path.Combine(folder, Path.GetRelativePath(common, path)), ".mp4");
        var names = paths.CountBy(Plain).ToDictionary();
        return paths.ToDictionary(path => path, path => names[Plain(path)] == 1 ? Plain(path) : Path.Combine(folder, Path.GetRelativePath(common, path)) + ".mp4");
    }

    private static string Shared(string first, string second)
    {
        while (first != second && !second.StartsWith(first.TrimEnd('/') + "/", StringComparison.Ordinal)) first = Path.GetDirectoryName(first)!;
        return first;
    }

    private static void Write(string source, string target, int shortSide, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var partial = Path.ChangeExtension(target, ".partial.mp4");
        using var video = IVideo.Open(source);
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
        using var writer = Open(path, video.Info.FramesPerSecond, size);
        using var small = new Mat();
        video.Decode(frame =>
        {
            cancel.ThrowIfCancellationRequested();
            Cv2.Resize(frame, small, size, interpolation: InterpolationFlags.Area);
            writer.Write(small);
        });
    }

    private static VideoWriter Open(string path, double rate, Size size)
    {
        foreach (var code in new[] { "avc1", "mp4v" })
        {
            var writer = new VideoWriter(path, FourCC.FromString(code), rate, size);
            if (writer.IsOpened()) return writer;
            writer.Dispose();
        }
        throw new IOException($"{path}: the video cannot be written; is the folder writable, and does OpenCV have an H.264 or MPEG-4 encoder?");
    }

    // H.264 stores colour for squares of four pixels.
    private static int Even(double length) => Math.Max(2, 2 * (int)Math.Round(length / 2));
}
