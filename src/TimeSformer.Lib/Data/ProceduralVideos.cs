using System.Text.Json;
using OpenCvSharp;

namespace TimeSformer.Data;

/// <summary>What distinguishes the classes of a procedural dataset.</summary>
public enum ProceduralFamily
{
    /// <summary>The content of single frames, as in Kinetics: a shape and its texture. The motion carries no information.</summary>
    Appearance,

    /// <summary>Only the order of frames, as in Something-Something: the videos of a class are reversed videos of another.</summary>
    Motion,

    /// <summary>Evidence over the whole video: an object appears in each third, left or right; the class is the sequence.</summary>
    Events,

    /// <summary>Pictures for pretraining, as videos of one frame or more: other shapes than <see cref="Appearance"/>.</summary>
    Stills,
}

/// <summary>A procedural dataset: videos per class, frames per video (at 30 per second) and pixels per side (even).</summary>
/// <param name="Folder">Where train.txt, val.txt, classes.txt and videos/ are written.</param>
/// <param name="Seed">The same seed yields the same videos.</param>
public sealed record ProceduralSet(
    string Folder, ProceduralFamily Family, int TrainPerClass, int ValPerClass, int Frames = 18, int Size = 48, int Seed = 0)
{
    /// <summary>The number of videos, training and validation together.</summary>
    public int Count => (TrainPerClass + ValPerClass) * ProceduralVideos.ClassNames(Family).Count;
}

/// <summary>A box in a frame; its sides are fractions of the frame's.</summary>
public sealed record Box(double Left, double Top, double Right, double Bottom);

/// <summary>Writes procedural datasets as real video files, with lists that <see cref="VideoList"/> reads.</summary>
public static class ProceduralVideos
{
    private const double FramesPerSecond = 30;
    private const string DescriptionFile = "procedural.json", TrainList = "train.txt", ValList = "val.txt";

    /// <summary>The number of events in a video of <see cref="ProceduralFamily.Events"/>; each is one bit of the label.</summary>
    internal const int EventCount = 3;

    private static readonly string[] motions = ["moving right", "moving left", "moving down", "moving up",
        "growing", "shrinking", "turning clockwise", "turning counter-clockwise"];

    private static readonly string[] parts = ["train", "val"];                    // videos are drawn by part and number
    private static readonly string[] sides = ["left", "right"];
    private static readonly string[] events = [.. from a in sides from b in sides from c in sides select $"{a} {b} {c}"];
    private static readonly string[] appearances = PlainAndStriped("disc", "square", "triangle", "cross");
    private static readonly string[] stills = PlainAndStriped("star", "bar", "half disc", "L", "T", "arrow");

    /// <summary>The class names of a family, indexed by label.</summary>
    public static IReadOnlyList<string> ClassNames(ProceduralFamily family) => family switch
    {
        ProceduralFamily.Motion => motions,
        ProceduralFamily.Events => events,
        ProceduralFamily.Stills => stills,
        _ => appearances,
    };

    /// <summary>Writes a dataset, unless the folder already holds a complete one with the same description.</summary>
    /// <param name="progress">Receives the number of videos written so far.</param>
    /// <param name="cancel">Stops before the next video; the lists are not written then.</param>
    /// <exception cref="InputException">A number in the description is out of range.</exception>
    /// <exception cref="IOException">A file cannot be written, or not to its end.</exception>
    /// <exception cref="OperationCanceledException">Writing was canceled.</exception>
    public static void Write(ProceduralSet set, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        int minFrames = set.Family is ProceduralFamily.Stills ? 1 : 2;
        if (set.TrainPerClass <= 0 || set.ValPerClass < 0 || set.Frames < minFrames || set.Size < 16 || set.Size % 2 != 0)
        {
            throw new InputException(
                $"a procedural dataset needs videos, at least 2 frames (stills 1) and an even size of at least 16 pixels: {set}");
        }
        var (folder, description) = (set.Folder, JsonSerializer.Serialize(set with { Folder = "" }));
        Directory.CreateDirectory(Path.Combine(folder, "videos"));
        if (IsComplete(folder, description)) return;
        // From here on these files no longer match the videos, even if writing is interrupted.
        foreach (var name in new[] { DescriptionFile, TrainList, ValList }) File.Delete(Path.Combine(folder, name));

        var names = ClassNames(set.Family);
        int written = 0;
        List<VideoItem> WritePart(int part, int perClass)
        {
            var items = new List<VideoItem>();
            for (int k = 0; k < perClass * names.Count; k++)
            {
                cancel.ThrowIfCancellationRequested();
                var item = new VideoItem(Path.Combine(folder, "videos", $"{parts[part]}_{k:D5}.mp4"), k % names.Count);
                WriteVideo(item.Path, set, item.Label, Seeds.For(set.Seed, part, k));
                items.Add(item);
                progress?.Report(++written);
            }
            return items;
        }
        var train = WritePart(0, set.TrainPerClass);
        var val = WritePart(1, set.ValPerClass);
        File.WriteAllLines(Path.Combine(folder, VideoList.ClassesName), names);
        VideoList.Write(Path.Combine(folder, TrainList), train);
        VideoList.Write(Path.Combine(folder, ValList), val);
        File.WriteAllText(Path.Combine(folder, DescriptionFile), description);
    }

    private static bool IsComplete(string folder, string description)
    {
        var path = Path.Combine(folder, DescriptionFile);
        string[] lists = [Path.Combine(folder, TrainList), Path.Combine(folder, ValList)];
        if (!File.Exists(path) || File.ReadAllText(path) != description || !lists.All(File.Exists)) return false;
        try
        {
            // The validation list may be empty, which VideoList.Read does not allow.
            return lists.Where(list => new FileInfo(list).Length > 0)
                .All(list => VideoList.Read(list).Items.All(item => File.Exists(item.Path)));
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>The frames (BGR) of a video; the caller disposes them. A motion and its reverse share them for the same `random`.</summary>
    public static IReadOnlyList<Mat> Render(ProceduralSet set, int label, Random random)
    {
        using var scene = Scene.Draw(set.Family, label, set.Size, random);
        var frames = new List<Mat>();
        for (int k = 0; k < set.Frames; k++) frames.Add(scene.Frame(Time(set, k)));
        if (IsReversed(set, label)) frames.Reverse();
        return frames;
    }

    /// <summary>The box around the object in each frame of a video that was written; null where there is no object.</summary>
    /// <param name="set">The set that the video is of.</param>
    /// <param name="path">The video; its file name tells which.</param>
    /// <exception cref="ArgumentException">The set has no such video.</exception>
    public static IReadOnlyList<Box?> Boxes(ProceduralSet set, string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var part = Array.FindIndex(parts, part => name.StartsWith(part + "_", StringComparison.Ordinal));
        if (part < 0 || !int.TryParse(name[(parts[part].Length + 1)..], out int k))
        {
            throw new ArgumentException($"{path} is no procedural video");
        }
        int label = k % ClassNames(set.Family).Count;
        using var scene = Scene.Draw(set.Family, label, set.Size, Seeds.For(set.Seed, part, k));
        var boxes = Enumerable.Range(0, set.Frames).Select(frame => scene.BoxAt(Time(set, frame))).ToList();
        if (IsReversed(set, label)) boxes.Reverse();
        return boxes;
    }

    private static bool IsReversed(ProceduralSet set, int label) => set.Family is ProceduralFamily.Motion && label % 2 == 1;

    // From 0 at the first frame to 1 at the last.
    private static double Time(ProceduralSet set, int frame) => (double)frame / Math.Max(1, set.Frames - 1);

    private static void WriteVideo(string path, ProceduralSet set, int label, Random random) =>
        VideoPreparation.Encode(path, FramesPerSecond, new(set.Size, set.Size), ["mp4v"], write =>
        {
            foreach (var frame in Render(set, label, random))
            {
                using (frame) write(frame);
            }
        });

    private static string[] PlainAndStriped(params string[] shapes) =>
        [.. shapes.SelectMany(shape => new[] { $"plain {shape}", $"striped {shape}" })];
}
