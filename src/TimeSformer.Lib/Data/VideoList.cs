using System.Globalization;

namespace TimeSformer.Data;

/// <summary>A video file and its class.</summary>
public sealed record VideoItem(string Path, int Label);

/// <summary>Videos with their classes, as listed in a text file of lines `path label`.</summary>
public sealed class VideoList
{
    /// <summary>Name of the file beside a list that has the class names, one a line.</summary>
    public const string ClassesName = "classes.txt";

    private VideoList(IReadOnlyList<VideoItem> items, IReadOnlyList<string> classes) => (Items, Classes) = (items, classes);

    /// <summary>The videos in the list's order.</summary>
    public IReadOnlyList<VideoItem> Items { get; }

    /// <summary>Class names by label; numbers where no names are known.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>
    /// Reads a list. The label is what follows the last space, tab or comma of a line; empty lines and lines that begin with # are passed
    /// over; relative paths are taken from the list's folder, or from <paramref name="root"/>.
    /// </summary>
    /// <param name="path">The list.</param>
    /// <param name="classes">Number of classes that a model knows; labels must be below. Without it, the number of names in classes.txt, or the largest label plus one.</param>
    /// <param name="root">Folder of the videos, where it is not the list's.</param>
    /// <exception cref="InputException">The list is missing or empty, or a line is wrong; the message names it.</exception>
    public static VideoList Read(string path, int? classes = null, string? root = null)
    {
        if (!File.Exists(path)) throw new InputException($"{path}: there is no such list of videos");
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
            int cut = line.LastIndexOfAny([' ', '\t', ',']);
            if (cut <= 0) throw new InputException($"{path}:{number}: '{line}' has no label; a line is a path, a space and a number");
            var label = line[(cut + 1)..];
            if (!int.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)) throw new InputException($"{path}:{number}: the label '{label}' is no whole number");
            if (value < 0 || value >= known) throw new InputException($"{path}:{number}: label {value} is not among the {(known is { } count ? $"{count} " : "")}classes (from 0{(known is { } top ? $" to {top - 1}" : "")})");
            var video = line[..cut].TrimEnd(' ', '\t', ',');
            if (video.Contains('\0')) throw new InputException($"{path}:{number}: the path has a null character; is this a list of videos?");
            items.Add(new(Path.GetFullPath(video, videoRoot), value));
        }
        if (items.Count == 0) throw new InputException($"{path}: the list has no videos");
        int total = known ?? items.Max(item => item.Label) + 1;
        return new(items, names?.Length == total ? names : [.. Enumerable.Range(0, total).Select(label => label.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>A list of known videos and classes.</summary>
    /// <param name="source">Where they are from, for messages.</param>
    /// <param name="items">The videos.</param>
    /// <param name="classes">Class names by label.</param>
    /// <exception cref="InputException">There is no video, or a label is not among the classes.</exception>
    public static VideoList Of(string source, IEnumerable<VideoItem> items, IReadOnlyList<string> classes)
    {
        VideoItem[] all = [.. items];
        if (all.Length == 0) throw new InputException($"{source}: there are no videos");
        if (Array.Find(all, item => item.Label < 0 || item.Label >= classes.Count) is { } wrong) throw new InputException($"{source}: {wrong.Path} has label {wrong.Label}, which is not among the {classes.Count} classes");
        return new(all, classes);
    }

    /// <summary>A part of each class's videos, in the list's order: always the same ones, and those of a smaller fraction are among those of a larger one.</summary>
    /// <param name="fraction">Above 0, to 1; a class keeps one video at least.</param>
    public VideoList Subset(double fraction)
    {
        if (fraction >= 1) return this;
        var kept = Seeds.Order(Items.Count, seed: 0, epoch: 0)
            .GroupBy(index => Items[(int)index].Label)
            .SelectMany(places => places.Take(Math.Max(1, (int)Math.Round(fraction * places.Count()))));
        return new([.. kept.Order().Select(index => Items[(int)index])], Classes);
    }

    /// <summary>Writes a list with paths relative to its folder, under its name only when it is whole.</summary>
    public static void Write(string path, IEnumerable<VideoItem> items)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        File.WriteAllLines(path + ".partial", items.Select(item => $"{Path.GetRelativePath(folder, item.Path)} {item.Label}"));
        File.Move(path + ".partial", path, overwrite: true);
    }
}
