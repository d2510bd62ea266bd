using System.Text.RegularExpressions;
using TimeSformer.Data;
using TimeSformer.Data.Layouts;

namespace TimeSformer.Cli.Commands;

/// <summary>Videos of one's own: a folder per class, or a list.</summary>
internal static class OwnVideos
{
    public static Argument<string> Argument(string description) => new("videos") { Description = description };

    /// <summary>The option that tells recordings by the files' names.</summary>
    public static Option<Regex?> Groups() => new("--groups")
    {
        Description = @"Regular expression whose first group in a file's name is its recording, such as _g(\d+)_ for UCF101 (default: by background)",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            try
            {
                Regex pattern = new(text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
                if (pattern.GetGroupNumbers().Length > 1) return pattern;
                result.AddError($"--groups is {text}; it must have a group in parentheses, such as _g(\\d+)_");
            }
            catch (RegexParseException error)
            {
                result.AddError($"--groups is {text}; {error.Message}");
            }
            return null;
        },
    };

    /// <summary>All videos of a folder of class folders, or those of a list.</summary>
    /// <exception cref="InputException">A class has no videos, or there is nothing to read.</exception>
    public static VideoList Read(string path)
    {
        if (!Directory.Exists(path)) return VideoList.Read(path);
        var parts = Enum.GetValues<DatasetPart>().Select(part => TryRead(path, part)).OfType<VideoList>().ToList();
        if (parts.Count == 0) throw new InputException($"{path}: there are no videos in folders of their classes");
        foreach (var note in parts.SelectMany(part => part.Notes).Distinct()) Console.Error.WriteLine($"note: {note}");
        var (classes, items) = (parts[0].Classes, parts.SelectMany(part => part.Items).DistinctBy(item => item.Path).ToList());
        var present = items.Select(item => item.Label).ToHashSet();
        if (classes.Index().FirstOrDefault(entry => !present.Contains(entry.Index)) is { Item: { } empty })
        {
            throw new InputException($"{path}: class '{empty}' has no videos; add some, or remove its folder");
        }
        return VideoList.Of(path, items.OrderBy(item => item.Path, StringComparer.Ordinal), classes);
    }

    // One video of a class makes no validation part.
    private static VideoList? TryRead(string path, DatasetPart part)
    {
        try
        {
            return DatasetLayouts.Read(DatasetLayout.Folders, path, part);
        }
        catch (InputException) when (part is DatasetPart.Val)
        {
            return null;
        }
    }
}
