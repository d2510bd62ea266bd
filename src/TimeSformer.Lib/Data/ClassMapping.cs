using System.Globalization;

namespace TimeSformer.Data;

/// <summary>
/// Fits a list's labels to the classes of a model, or of the list that it was trained on: by the classes' names where both have names, so
/// that their order does not matter, and by number otherwise.
/// </summary>
public static class ClassMapping
{
    private const int Shown = 10;

    /// <summary>Reads a list with the labels of other classes.</summary>
    /// <param name="path">The list.</param>
    /// <param name="classes">The names of the wanted classes.</param>
    /// <param name="owner">Whose classes they are, for messages.</param>
    /// <param name="root">As for <see cref="VideoList.Read"/>.</param>
    /// <param name="say">Receives a sentence if labels change.</param>
    /// <exception cref="InputException">
    /// As for <see cref="VideoList.Read"/>; or the list has class names, or labels, that the other classes do not include.
    /// </exception>
    public static VideoList Read(
        string path, IReadOnlyList<string> classes, string owner = "the model", string? root = null, Action<string>? say = null)
    {
        var videos = VideoList.Read(path, root: root);
        // Read again for the number of classes: a label that is too large is then named by its line.
        return videos.HasNames && AreNames(classes) ? ByName(videos, path, classes, owner, say) : VideoList.Read(path, classes.Count, root);
    }

    /// <summary>A list with the labels of other classes.</summary>
    /// <param name="videos">The list.</param>
    /// <param name="source">Where it is from, for messages.</param>
    /// <param name="classes">The names of the wanted classes.</param>
    /// <param name="owner">Whose classes they are, for messages.</param>
    /// <param name="say">Receives a sentence if labels change.</param>
    /// <exception cref="InputException">The names differ or, without names, the numbers of classes.</exception>
    public static VideoList Fit(
        VideoList videos, string source, IReadOnlyList<string> classes, string owner = "the model", Action<string>? say = null)
    {
        if (videos.HasNames && AreNames(classes)) return ByName(videos, source, classes, owner, say);
        if (videos.Classes.Count == classes.Count) return videos;
        throw new InputException($"{source}: the data set has {videos.Classes.Count} classes, {owner} {classes.Count}");
    }

    /// <summary>Whether these are names that someone gave, not a number in other words, as checkpoints without names have.</summary>
    internal static bool AreNames(IReadOnlyList<string> classes) => classes.Index().Any(entry =>
    {
        var number = entry.Index.ToString(CultureInfo.InvariantCulture);
        return entry.Item != number && entry.Item != $"class {number}" && entry.Item != $"LABEL_{number}";
    });

    private static VideoList ByName(VideoList videos, string source, IReadOnlyList<string> classes, string owner, Action<string>? say)
    {
        if (videos.Classes.SequenceEqual(classes)) return videos;
        var labels = classes.Index().ToLookup(entry => entry.Item, entry => entry.Index);
        if (videos.Classes.GroupBy(name => name).FirstOrDefault(name => name.Count() > 1) is { Key: var twice })
        {
            throw new InputException($"{source}: two classes are named '{twice}'; give each a name of its own");
        }
        if (videos.Classes.Where(name => labels[name].Count() != 1).ToList() is { Count: > 0 } unknown)
        {
            throw new InputException(
                $"{source}: {owner} has no class {Text(unknown)}; the list's classes are {Text(videos.Classes)}, those of {owner} are "
                + $"{Text(classes)}; give the same classes the same names in {VideoList.ClassesName}, or remove it to compare by number");
        }
        var items = videos.Items.Select(item => item with { Label = labels[videos.Classes[item.Label]].First() });
        var what = videos.Classes.Count == classes.Count ? "in another order than" : $"{videos.Classes.Count} of";
        say?.Invoke($"{source}: its classes are {what} the {classes.Count} of {owner}; labels are matched by name");
        return VideoList.Of(source, items, classes, videos.Notes);
    }

    private static string Text(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
}
