using System.Collections.Concurrent;
using System.Text.Json;
using OpenCvSharp;
using TimeSformer.Video;

namespace TimeSformer.Data;

/// <summary>The new list, without the broken videos, and how many copies were written now or existed already.</summary>
public sealed record Prepared(string List, int Written, int Found, IReadOnlyDictionary<string, string> Broken);

/// <summary>
/// Makes small copies of videos, so that training decodes fewer pixels: H.264 in .mp4 (MPEG-4 if OpenCV has no H.264 encoder), without
/// audio. Video files that are small already are copied as they are; if truncated ones are allowed, all are encoded, as copies are whole.
/// Copies are written atomically, and existing ones are kept; originals.json says what each is a copy of.
/// </summary>
public static class VideoPreparation
{
    private const string VideoFolder = "videos", OriginalsName = "originals.json";

    /// <summary>Writes copies of a list's videos to <c>FOLDER/videos</c>, and their list and classes.txt to the folder.</summary>
    /// <param name="name">The name of the new list.</param>
    /// <param name="shortSide">The short side of the copies in pixels; smaller videos keep theirs.</param>
    /// <param name="policy">Which imperfect videos are copied; by default, <see cref="VideoPolicy.Default"/>.</param>
    /// <param name="progress">Receives the number of videos processed so far.</param>
    /// <param name="all">All lists whose videos get copies in the folder, this one among them, so that no two videos share one.</param>
    /// <param name="cancel">Stops the work; the next call resumes it.</param>
    /// <exception cref="InputException">
    /// The short side is not 16 to 16384 pixels; or a video's copy would have the path of the copy that an earlier call made of another.
    /// </exception>
    /// <exception cref="IOException">A file cannot be written, or not to its end.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static Prepared Run(
        VideoList list, string folder, string name, int shortSide, int workers, VideoPolicy? policy = null,
        IProgress<int>? progress = null, IReadOnlyList<VideoList>? all = null, CancellationToken cancel = default)
    {
        if (shortSide is < 16 or > 16_384) throw new InputException($"the short side is {shortSide} pixels; it must be 16 to 16384");
        folder = Path.GetFullPath(folder);
        var targets = Targets(all ?? [list], Path.Combine(folder, VideoFolder));
        Record(folder, targets);
        var paths = list.Items.Select(item => item.Path).Distinct().ToList();
        var broken = new ConcurrentDictionary<string, string>();
        int done = 0, written = 0;
        Parallel.ForEach(paths, new() { MaxDegreeOfParallelism = workers, CancellationToken = cancel }, path =>
        {
            try
            {
                if (!File.Exists(targets[path]))
                {
                    Write(path, targets[path], shortSide, policy, cancel);
                    Interlocked.Increment(ref written);
                }
            }
            catch (VideoException error)
            {
                broken[path] = error.Cause;
            }
            progress?.Report(Interlocked.Increment(ref done));
        });
        var copied = Path.Combine(folder, name);
        File.WriteAllLines(Path.Combine(folder, VideoList.ClassesName), list.Classes);
        var copies = list.Items.Where(item => !broken.ContainsKey(item.Path)).Select(item => item with { Path = targets[item.Path] });
        VideoList.Write(copied, copies);
        return new(copied, written, paths.Count - written - broken.Count, broken);
    }

    // Copies keep their paths below the originals' common folder. Originals that differ only in their extension keep it before .mp4.
    // Each list has a common folder of its own, unless two videos would then have one copy.
    private static Dictionary<string, string> Targets(IReadOnlyList<VideoList> lists, string folder)
    {
        var apart = lists.Where(list => list.Items.Count > 0).SelectMany(list => Below(list.Items, folder)).Distinct().ToList();
        bool isUnique = apart.DistinctBy(copy => copy.Key).Count() == apart.Count
            && apart.DistinctBy(copy => copy.Value).Count() == apart.Count;
        return isUnique ? apart.ToDictionary() : Below(lists.SelectMany(list => list.Items), folder);
    }

    private static Dictionary<string, string> Below(IEnumerable<VideoItem> videos, string folder)
    {
        var paths = videos.Select(item => item.Path).Distinct().ToList();
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

    // Adds the copies and their originals to those of earlier calls; a copy must not pass for that of another video with its name.
    private static void Record(string folder, Dictionary<string, string> targets)
    {
        var path = Path.Combine(folder, OriginalsName);
        var originals = ReadRecord(path);
        foreach (var (original, target) in targets)
        {
            var copy = Path.GetRelativePath(folder, target);
            if (originals.TryAdd(copy, original) || originals[copy] == original) continue;
            throw new InputException($"{target} is the copy of {originals[copy]}, not of {original}; choose another folder for these "
                + $"copies or, if the originals have moved, delete {path}");
        }
        Directory.CreateDirectory(folder);
        WholeFile.Write(path, partial => File.WriteAllText(partial, JsonSerializer.Serialize(originals)));
    }

    // By the paths of the copies, relative to the folder.
    private static Dictionary<string, string> ReadRecord(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [] : [];
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: not a record of copies ({error.Message}); delete it, with the copies beside it", error);
        }
    }

    private static void Write(string source, string target, int shortSide, VideoPolicy? policy, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var partial = Path.ChangeExtension(target, ".partial.mp4");
        using var video = IVideo.Open(source, policy);
        var (width, height) = (video.Info.Width, video.Info.Height);
        try
        {
            // A picture is no video, even if its copy has the name of one.
            bool isVideoFile = File.Exists(source) && !FrameFolder.IsPicture(source);
            if (Math.Min(width, height) <= shortSide && isVideoFile && policy is not { AllowTruncated: true })
            {
                video.Decode(_ => cancel.ThrowIfCancellationRequested());
                File.Copy(source, partial, overwrite: true);
            }
            else
            {
                double scale = Math.Min(1, (double)shortSide / Math.Min(width, height));
                var size = new Size(Even(width * scale), Even(height * scale));
                using var small = new Mat();
                Encode(partial, video.Info.FramesPerSecond, size, ["avc1", "mp4v"], write => video.Decode(frame =>
                {
                    cancel.ThrowIfCancellationRequested();
                    Cv2.Resize(frame, small, size, interpolation: InterpolationFlags.Area);
                    write(small);
                }));
            }
            File.Move(partial, target);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Writes a video, with the first of the codecs (FourCC) that OpenCV has.</summary>
    /// <param name="encode">Calls the action that it gets with each frame (BGR, of the given size).</param>
    /// <exception cref="IOException">The file cannot be written, or not to its end; or OpenCV has none of the codecs.</exception>
    internal static void Encode(string path, double rate, Size size, string[] codes, Action<Action<Mat>> encode)
    {
        int frames = 0;
        using (var writer = OpenWriter(path, rate, size, codes))
        {
            encode(frame =>
            {
                writer.Write(frame);
                frames++;
            });
        }
        // OpenCV's writer says nothing when the disk is full.
        if (FramesOf(path) != frames) throw new IOException($"{path}: the video could not be written to its end; is the disk full?");
    }

    private static int FramesOf(string path)
    {
        try
        {
            using var video = VideoReader.Open(path);
            return video.Info.FrameCount;
        }
        catch (VideoException)
        {
            return 0;
        }
    }

    private static VideoWriter OpenWriter(string path, double rate, Size size, string[] codes)
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
