using System.Text.Json;
using OpenCvSharp;

namespace TimeSformer.Data;

/// <summary>What tells the classes of a procedural set apart.</summary>
public enum ProceduralFamily
{
    /// <summary>What is in a frame, like Kinetics: a shape and its texture. How it moves says nothing.</summary>
    Appearance,

    /// <summary>
    /// Only the order of the frames, like Something-Something: the classes come in pairs, and a video of one is made as a video of the other
    /// and then reversed. A model that is blind to time cannot tell the two of a pair apart.
    /// </summary>
    Motion,

    /// <summary>
    /// Evidence spread over the whole video: each third shows an object for a while, on the left or on the right, and the class is the order of
    /// the three sides. A clip that covers one third can tell two classes in eight from the others, at best.
    /// </summary>
    Events,

    /// <summary>Pictures for pre-training, as videos of one frame or more: shapes and textures, the shapes others than those of <see cref="Appearance"/>.</summary>
    Stills,
}

/// <summary>A set of videos to write.</summary>
/// <param name="Folder">Gets train.txt, val.txt, classes.txt and videos/.</param>
/// <param name="TrainPerClass">Training videos of each class.</param>
/// <param name="ValPerClass">Validation videos of each class, drawn independently.</param>
/// <param name="Frames">Frames of a video, at 30 a second.</param>
/// <param name="Size">Height and width in pixels, even.</param>
/// <param name="Seed">The same seed gives the same videos.</param>
public sealed record ProceduralSet(string Folder, ProceduralFamily Family, int TrainPerClass, int ValPerClass, int Frames = 18, int Size = 48, int Seed = 0)
{
    /// <summary>Videos in the set.</summary>
    public int Count => (TrainPerClass + ValPerClass) * ProceduralVideos.ClassNames(Family).Count;
}

/// <summary>Writes procedural data sets as real video files, with lists as <see cref="VideoList"/> reads them.</summary>
public static class ProceduralVideos
{
    private const double FramesPerSecond = 30;
    private const string Description = "procedural.json";
    private const string TrainList = "train.txt";
    private const string ValList = "val.txt";

    /// <summary>Events of a video of <see cref="ProceduralFamily.Events"/>; each is one bit of the label.</summary>
    internal const int EventsOfVideo = 3;

    private static readonly string[] motions =
        ["moving right", "moving left", "moving down", "moving up", "growing", "shrinking", "turning clockwise", "turning counter-clockwise"];

    private static readonly string[] appearances =
        ["plain disc", "striped disc", "plain square", "striped square", "plain triangle", "striped triangle", "plain cross", "striped cross"];

    private static readonly string[] events = ["left left left", "left left right", "left right left", "left right right", "right left left", "right left right", "right right left", "right right right"];

    private static readonly string[] stills =
        [.. new[] { "star", "bar", "half disc", "L", "T", "arrow" }.SelectMany(shape => new[] { $"plain {shape}", $"striped {shape}" })];

    /// <summary>The classes of a family, by label.</summary>
    public static IReadOnlyList<string> ClassNames(ProceduralFamily family) => family switch
    {
        ProceduralFamily.Motion => motions,
        ProceduralFamily.Events => events,
        ProceduralFamily.Stills => stills,
        _ => appearances,
    };

    /// <summary>Writes the set; one that is there complete and was made with the same values is left alone.</summary>
    /// <param name="set">What to write.</param>
    /// <param name="progress">Told the number of videos written so far.</param>
    /// <param name="cancel">Ends the writing; the lists are then not written.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(ProceduralSet set, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        if (set.TrainPerClass <= 0 || set.ValPerClass < 0 || set.Frames < (set.Family is ProceduralFamily.Stills ? 1 : 2) || set.Size < 16 || set.Size % 2 != 0)
        {
            throw new InputException($"a procedural set needs videos, at least 2 frames (stills 1) and an even size of at least 16 pixels: {set}");
        }
        var (folder, made) = (set.Folder, JsonSerializer.Serialize(set with { Folder = "" }));
        Directory.CreateDirectory(Path.Combine(folder, "videos"));
        if (IsComplete(folder, made)) return;
        // What is about to be overwritten is no longer the set that these describe, also if the writing is cut off.
        foreach (var name in new[] { Description, TrainList, ValList }) File.Delete(Path.Combine(folder, name));

        var names = ClassNames(set.Family);
        int written = 0;
        List<VideoItem> Part(string part, int perClass, int stream)
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
        var train = Part("train", set.TrainPerClass, stream: 0);
        var val = Part("val", set.ValPerClass, stream: 1);
        File.WriteAllLines(Path.Combine(folder, VideoList.ClassesName), names);
        VideoList.Write(Path.Combine(folder, TrainList), train);
        VideoList.Write(Path.Combine(folder, ValList), val);
        File.WriteAllText(Path.Combine(folder, Description), made);
    }

    private static bool IsComplete(string folder, string made)
    {
        var description = Path.Combine(folder, Description);
        string[] lists = [Path.Combine(folder, TrainList), Path.Combine(folder, ValList)];
        if (!File.Exists(description) || File.ReadAllText(description) != made || !lists.All(File.Exists)) return false;
        try
        {
            // The validation list may be empty by choice, which VideoList.Read does not allow.
            return lists.Where(list => new FileInfo(list).Length > 0).All(list => VideoList.Read(list).Items.All(item => File.Exists(item.Path)));
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>The frames of one video, BGR; the caller disposes them. A motion class and its reverse give the same frames for the same randomness.</summary>
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
        if (!writer.IsOpened()) throw new IOException($"{path}: the video cannot be written; is the folder writable, and does OpenCV have an MPEG-4 encoder?");
        foreach (var frame in frames) writer.Write(frame);
    }

    private sealed class FrameList(IReadOnlyList<Mat> frames) : List<Mat>(frames), IDisposable
    {
        public void Dispose() => ForEach(frame => frame.Dispose());
    }
}
