using System.Globalization;

namespace TimeSformer.Data;

/// <summary>A video and its class label.</summary>
public sealed record VideoItem(string Path, int Label);

/// <summary>A list of labeled videos; as a text file it has lines of the form <c>path label</c>.</summary>
public sealed class VideoList
{
    /// <summary>The name of the file beside a list that holds the class names, one per line.</summary>
    public const string ClassesName = "classes.txt";

    private VideoList(IReadOnlyList<VideoItem> items, IReadOnlyList<string> classes) => (Items, Classes) = (items, classes);

    /// <summary>The videos in order.</summary>
    public IReadOnlyList<VideoItem> Items { get; }

    /// <summary>The class names, indexed by label; the labels themselves if no names are known.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Reads a list. Labels follow the last space, tab or comma; empty lines and those starting with # are skipped.</summary>
    /// <param name="classes">The number of classes, above all labels; by default that in classes.txt or the largest label plus one.</param>
    /// <param name="root">The folder from which relative paths start, if it is not the list's.</param>
    /// <exception cref="InputException">The list does not exist, has no videos or has an invalid line, which the message names.</exception>
    public static VideoList Read(string path, int? classes = null, string? root = null)
    {
        if (!File.Exists(path)) throw new InputException($"{path}: list of videos not found");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var videoRoot = root is null ? folder : Path.GetFullPath(root);
        var namesPath = Path.Combine(folder, ClassesName);
        var names = File.Exists(namesPath) ? File.ReadAllLines(namesPath).Where(name => name.Length > 0).ToArray() : null;
        int? known = classes ?? names?.Length;
        var items = new List<VideoItem>();
        int number = 0;
        foreach (var raw in File.ReadLines(path))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            int separator = line.LastIndexOfAny([' ', '\t', ',']);
            if (separator <= 0) throw Invalid($"'{line}' has no label; a line is a path, a space and a number");
            var label = line[(separator + 1)..];
            bool isInteger = int.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value);
            if (!isInteger) throw Invalid($"the label '{label}' is not an integer");
            if (value < 0) throw Invalid($"label {value} is negative; labels count from 0");
            if (value >= known) throw Invalid($"label {value} is not among the {known} classes (from 0 to {known - 1})");
            var video = line[..separator].TrimEnd(' ', '\t', ',');
            if (video.Contains('\0')) throw Invalid("the path has a null character; is this a list of videos?");
            items.Add(new(Path.GetFullPath(video, videoRoot), value));
        }
        if (items.Count == 0) throw new InputException($"{path}: the list has no videos");
        int total = known ?? items.Max(item => item.Label) + 1;
        return new(items, names?.Length == total ? names : [.. Enumerable.Range(0, total).Select(label => $"{label}")]);

        InputException Invalid(string cause) => new($"{path}:{number}: {cause}");
    }

    /// <summary>Makes a list of known videos and classes.</summary>
    /// <param name="source">The origin of the videos, for error messages.</param>
    /// <exception cref="InputException">There are no videos, or a label is not among the classes.</exception>
    public static VideoList Of(string source, IEnumerable<VideoItem> items, IReadOnlyList<string> classes)
    {
        VideoItem[] all = [.. items];
        if (all.Length == 0) throw new InputException($"{source}: there are no videos");
        if (Array.Find(all, item => item.Label < 0 || item.Label >= classes.Count) is not { } wrong) return new(all, classes);
        throw new InputException($"{source}: {wrong.Path} has label {wrong.Label}, which is not among the {classes.Count} classes");
    }

    /// <summary>A fraction of each class's videos, always the same, in the list's order; smaller ones are subsets of larger.</summary>
    /// <param name="fraction">Above 0, up to 1; each class keeps at least one video.</param>
    public VideoList Subset(double fraction)
    {
        if (fraction >= 1) return this;
        var kept = Seeds.Order(Items.Count, seed: 0, epoch: 0)
            .GroupBy(index => Items[(int)index].Label)
            .SelectMany(indices => indices.Take(Math.Max(1, (int)Math.Round(fraction * indices.Count()))));
        return new([.. kept.Order().Select(index => Items[(int)index])], Classes);
    }

    /// <summary>Writes a list atomically, with paths relative to its folder.</summary>
    public static void Write(string path, IEnumerable<VideoItem> items)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        File.WriteAllLines(path + ".partial", items.Select(item => $"{Path.GetRelativePath(folder, item.Path)} {item.Label}"));
        File.Move(path + ".partial", path, overwrite: true);
    }
}
