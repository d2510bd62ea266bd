using System.Globalization;
using TimeSformer.Video;

namespace TimeSformer.Data;

/// <summary>A video and its class label.</summary>
public sealed record VideoItem(string Path, int Label);

/// <summary>A list of labeled videos.</summary>
public sealed class VideoList
{
    /// <summary>The name of the file beside a list that holds the class names, one per line.</summary>
    public const string ClassesName = "classes.txt";

    // Each has a name, if only its number.
    private const int MaxClasses = 100_000;

    private VideoList(IReadOnlyList<VideoItem> items, IReadOnlyList<string> classes, bool hasNames) =>
        (Items, Classes, HasNames) = (items, classes, hasNames);

    /// <summary>The videos in order.</summary>
    public IReadOnlyList<VideoItem> Items { get; }

    /// <summary>The class names, indexed by label; the labels themselves if no names are known.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Whether the classes have names of their own, from classes.txt, from the labels or from a data set.</summary>
    public bool HasNames { get; }

    /// <summary>Sentences about what looks wrong where the videos were found.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>
    /// Reads a list: lines <c>path label</c>, or CSV with or without a header (data/README.md). Labels are numbers or class names; classes
    /// named by labels alone are numbered in the order of their names.
    /// </summary>
    /// <param name="classes">The number of classes, above all labels; by default that in classes.txt or the largest label plus one.</param>
    /// <param name="root">The folder from which relative paths start, if it is not the list's.</param>
    /// <exception cref="InputException">The list does not exist, has no videos or has an invalid line, which the message names.</exception>
    public static VideoList Read(string path, int? classes = null, string? root = null)
    {
        var rows = ListFile.Read(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var videoRoot = root is null ? folder : Path.GetFullPath(root);
        var namesPath = Path.Combine(folder, ClassesName);
        var names = File.Exists(namesPath)
            ? File.ReadAllLines(namesPath).Select(name => name.Trim()).Where(name => name.Length > 0).ToArray()
            : null;
        // The first video's label tells which kind they are.
        bool numbered = Number(rows[0].Label) is not null;
        if (!numbered) CheckNames(path, rows);
        if (!numbered && names is null)
        {
            if (classes is not null) throw Invalid(rows[0], "is a class name, and no classes.txt beside the list says its number");
            names = [.. rows.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];
        }
        int? known = classes ?? names?.Length;
        var numbers = numbered ? [] : names!.Index().DistinctBy(name => name.Item).ToDictionary(name => name.Item, name => name.Index);
        VideoItem[] items = [.. rows.Select(row => new VideoItem(Path.GetFullPath(row.Path, videoRoot), Label(row)))];
        int total = known ?? items.Max(item => item.Label) + 1;
        return names?.Length == total
            ? new(items, names, hasNames: true)
            : new(items, [.. Enumerable.Range(0, total).Select(label => $"{label}")], hasNames: false);

        int Label(ListRow row)
        {
            int value = numbered
                ? Number(row.Label) ?? throw Invalid(row, "is not an integer, as the first video's label is")
                : numbers.GetValueOrDefault(row.Label, -1) is >= 0 and var number ? number
                : throw Invalid(row, $"is not among the class names in {namesPath}");
            if (value < 0) throw ListFile.Invalid(path, row.Line, $"label {value} is negative; labels count from 0");
            if (value >= MaxClasses)
            {
                throw ListFile.Invalid(
                    path, row.Line, $"label {value} is larger than labels can be; there are at most {MaxClasses} classes");
            }
            if (value < (known ?? int.MaxValue)) return value;
            throw ListFile.Invalid(path, row.Line, $"label {value} is not among the {known} classes (from 0 to {known - 1})");
        }

        InputException Invalid(ListRow row, string cause) => ListFile.Invalid(path, row.Line, $"the label '{row.Label}' {cause}");
    }

    // 3 and, as pandas writes a column with gaps, 3.0.
    private static int? Number(string label)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return int.TryParse(label, style, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    // What is not a class name: the names of unknown columns, and the last word of a name or a path.
    private static void CheckNames(string path, IReadOnlyList<ListRow> rows)
    {
        var (first, others) = (rows[0], rows.Skip(1).ToList());
        bool isAlone = others.Count > 0 && (others.TrueForAll(row => Number(row.Label) is not null)
            || (!VideoFormats.IsVideo(first.Path) && others.TrueForAll(row => VideoFormats.IsVideo(row.Path))));
        if (isAlone)
        {
            throw ListFile.Invalid(
                path, first.Line, $"the label '{first.Label}' is not an integer, and '{first.Path}' not a video; if this line is a header, "
                + "name its columns path and label");
        }
        foreach (var row in rows)
        {
            if (VideoFormats.IsVideo(row.Label))
            {
                throw ListFile.Invalid(path, row.Line, $"'{row.Path} {row.Label}' has no label; a line is a path, a space and a number");
            }
            if (VideoFormats.IsVideo(row.Path) || !row.Path.Split(' ').Any(VideoFormats.IsVideo)) continue;
            throw ListFile.Invalid(path, row.Line, $"'{row.Path} {row.Label}': quote a class name of more than one word");
        }
    }

    /// <summary>Makes a list of known videos and classes.</summary>
    /// <param name="source">The origin of the videos, for error messages.</param>
    /// <exception cref="InputException">There are no videos, or a label is not among the classes.</exception>
    /// <param name="notes">What looks wrong there.</param>
    public static VideoList Of(
        string source, IEnumerable<VideoItem> items, IReadOnlyList<string> classes, IReadOnlyList<string>? notes = null)
    {
        VideoItem[] all = [.. items];
        if (all.Length == 0) throw new InputException(string.Join("; ", [$"{source}: there are no videos", .. notes ?? []]));
        if (Array.Find(all, item => item.Label < 0 || item.Label >= classes.Count) is not { } wrong)
        {
            return new(all, classes, hasNames: true) { Notes = notes ?? [] };
        }
        throw new InputException($"{source}: {wrong.Path} has label {wrong.Label}, which is not among the {classes.Count} classes");
    }

    /// <summary>The error that none of the videos can be decoded.</summary>
    /// <param name="broken">The videos with the cause.</param>
    internal InputException NoneDecoded(IReadOnlyDictionary<string, string> broken)
    {
        var (path, cause) = broken.First();
        return new($"none of the {Items.Count} videos can be decoded, such as {path}: {cause}");
    }

    /// <summary>A fraction of each class's videos, always the same, in the list's order; smaller ones are subsets of larger.</summary>
    /// <param name="fraction">Above 0, up to 1; each class keeps at least one video.</param>
    public VideoList Subset(double fraction)
    {
        if (fraction >= 1) return this;
        var kept = Seeds.Order(Items.Count, seed: 0, epoch: 0)
            .GroupBy(index => Items[(int)index].Label)
            .SelectMany(indices => indices.Take(Math.Max(1, (int)Math.Round(fraction * indices.Count()))));
        return new([.. kept.Order().Select(index => Items[(int)index])], Classes, HasNames);
    }

    /// <summary>Writes a list atomically, in lines <c>path label</c>, with paths relative to its folder.</summary>
    public static void Write(string path, IEnumerable<VideoItem> items)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        WholeFile.Write(path, partial => File.WriteAllLines(partial, items.Select(item => $"{Shown(item)} {item.Label}")));

        // Quoted where the reader would take it for something else.
        string Shown(VideoItem item)
        {
            var name = Path.GetRelativePath(folder, item.Path);
            bool isPlain = name[0] is not ('#' or ' ') && name.IndexOfAny(['"', ',', ';', '\t']) < 0;
            return isPlain ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        }
    }
}
