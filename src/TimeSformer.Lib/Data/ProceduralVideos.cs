using System.Text.Json;
using OpenCvSharp;

namespace TimeSformer.Data;

/// <summary>What distinguishes the classes of a procedural dataset.</summary>
public enum ProceduralFamily
{
    /// <summary>The content of single frames, as in Kinetics: a shape and its texture. The motion carries no information.</summary>
    Appearance,

    /// <summary>
    /// Only the order of the frames, as in Something-Something: the classes come in pairs, and a video of one class is a reversed video of
    /// the other. A model that is blind to time cannot distinguish the two.
    /// </summary>
    Motion,

    /// <summary>
    /// Evidence spread over the whole video: each third shows an object for a while, on the left or on the right, and the class is the
    /// sequence of the three sides. A clip of one third halves the number of possible classes, at best.
    /// </summary>
    Events,

    /// <summary>
    /// Pictures for pretraining, as videos of one frame or more: shapes and textures. The shapes differ from those of
    /// <see cref="Appearance"/>.
    /// </summary>
    Stills,
}

/// <summary>The description of a procedural dataset.</summary>
/// <param name="Folder">Where train.txt, val.txt, classes.txt and videos/ are written.</param>
/// <param name="Family">What distinguishes the classes.</param>
/// <param name="TrainPerClass">Training videos per class.</param>
/// <param name="ValPerClass">Validation videos per class, drawn independently of the training videos.</param>
/// <param name="Frames">Frames per video, at 30 frames per second.</param>
/// <param name="Size">Height and width in pixels, even.</param>
/// <param name="Seed">The same seed yields the same videos.</param>
public sealed record ProceduralSet(
    string Folder, ProceduralFamily Family, int TrainPerClass, int ValPerClass, int Frames = 18, int Size = 48, int Seed = 0)
{
    /// <summary>The number of videos, training and validation together.</summary>
    public int Count => (TrainPerClass + ValPerClass) * ProceduralVideos.ClassNames(Family).Count;
}

/// <summary>Writes procedural datasets as real video files, with lists that <see cref="VideoList"/> reads.</summary>
public static class ProceduralVideos
{
    private const double FramesPerSecond = 30;
    private const string DescriptionFile = "procedural.json";
    private const string TrainList = "train.txt";
    private const string ValList = "val.txt";

    /// <summary>The number of events in a video of <see cref="ProceduralFamily.Events"/>; each is one bit of the label.</summary>
    internal const int EventCount = 3;

    private static readonly string[] motions =
    [
        "moving right", "moving left", "moving down", "moving up",
        "growing", "shrinking", "turning clockwise", "turning counter-clockwise",
    ];

    private static readonly string[] appearances =
    [
        "plain disc", "striped disc", "plain square", "striped square",
        "plain triangle", "striped triangle", "plain cross", "striped cross",
    ];

    private static readonly string[] events =
    [
        "left left left", "left left right", "left right left", "left right right",
        "right left left", "right left right", "right right left", "right right right",
    ];

    private static readonly string[] stills =
        [.. new[] { "star", "bar", "half disc", "L", "T", "arrow" }.SelectMany(shape => new[] { $"plain {shape}", $"striped {shape}" })];

    /// <summary>The class names of a family, indexed by label.</summary>
    public static IReadOnlyList<string> ClassNames(ProceduralFamily family) => family switch
    {
        ProceduralFamily.Motion => motions,
        ProceduralFamily.Events => events,
        ProceduralFamily.Stills => stills,
        _ => appearances,
    };

    /// <summary>Writes a dataset, unless the folder already holds a complete one with the same description.</summary>
    /// <param name="set">The dataset.</param>
    /// <param name="progress">Receives the number of videos written so far.</param>
    /// <param name="cancel">Stops before the next video; the lists are not written then.</param>
    /// <exception cref="InputException">A number in the description is out of range.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
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
        List<VideoItem> WritePart(string part, int perClass, int stream)
        {
            var items = new List<VideoItem>();
            for (int k = 0; k < perClass * names.Count; k++)
            {
                cancel.ThrowIfCancellationRequested();
                var item = new VideoItem(Path.Combine(folder, "videos", $"{part}_{k:D5}.mp4"), k % names.Count);
                using var frames = new FrameList(Render(set, item.Label, Seeds.For(set.Seed, stream, k)));
                WriteVideo(item.Path, frames, set.Size);
                items.Add(item);
                progress?.Report(++written);
            }
            return items;
        }
        var train = WritePart("train", set.TrainPerClass, stream: 0);
        var val = WritePart("val", set.ValPerClass, stream: 1);
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

    /// <summary>
    /// Renders the frames (BGR) of one video; the caller disposes them. For the same random numbers, a motion class and its reverse yield
    /// the same frames.
    /// </summary>
    public static IReadOnlyList<Mat> Render(ProceduralSet set, int label, Random random)
    {
        using var scene = Scene.Draw(set.Family, label, set.Size, random);
        var frames = new List<Mat>();
        for (int k = 0; k < set.Frames; k++) frames.Add(scene.Frame((double)k / Math.Max(1, set.Frames - 1)));
        if (set.Family is ProceduralFamily.Motion && label % 2 == 1) frames.Reverse();
        return frames;
    }

    private static void WriteVideo(string path, IReadOnlyList<Mat> frames, int size)
    {
        using var writer = new VideoWriter(path, FourCC.FromString("mp4v"), FramesPerSecond, new Size(size, size));
        if (!writer.IsOpened())
        {
            throw new IOException(
                $"{path}: cannot write the video; check that the folder is writable and that OpenCV has an MPEG-4 encoder");
        }
        foreach (var frame in frames) writer.Write(frame);
    }

    private sealed class FrameList(IReadOnlyList<Mat> frames) : List<Mat>(frames), IDisposable
    {
        public void Dispose() => ForEach(frame => frame.Dispose());
    }
}
