using TimeSformer.Data;
using TimeSformer.Data.Layouts;

namespace TimeSformer.Cli.Commands;

/// <summary>Videos on the command line: a list, or a data set's folder with its layout.</summary>
internal sealed class VideoArguments
{
    private static readonly Dictionary<string, DatasetLayout> layouts =
        Enum.GetValues<DatasetLayout>().ToDictionary(layout => RecipeFile.NameOf(layout));

    public Argument<string> Source { get; } = new("videos")
    {
        Description = "List of videos (lines `path label`, or CSV), or a data set's folder",
    };

    public Option<DatasetLayout?> Layout { get; } = new("--layout")
    {
        Description = $"Layout of the folder: {string.Join(", ", layouts.Keys)} (default: detected)",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value.ToLowerInvariant();
            if (layouts.TryGetValue(text, out var found)) return found;
            result.AddError($"unknown layout '{text}'; the layouts are {string.Join(", ", layouts.Keys)}");
            return null;
        },
    };

    public Option<int> Split { get; } = Options.Count("--split", "Number of the data set's official split", 1);

    /// <summary>The list, or both parts of the data set, each with the file name of its list; what looks wrong there is said.</summary>
    public IReadOnlyList<(string Name, VideoList Videos)> Read(ParseResult parsed) =>
        parsed.GetRequiredValue(Source) is var path && Directory.Exists(path)
        ? [("train.txt", Part(parsed, path, DatasetPart.Train)), ("val.txt", Part(parsed, path, DatasetPart.Val, say: null))]
        : [(Path.GetFileName(path), VideoList.Read(path))];

    /// <summary>
    /// As <see cref="Read"/> but, of a data set that is split into folds and none is asked for, the two parts of each fold.
    /// </summary>
    public IReadOnlyList<(string Name, VideoList Videos)> ReadFolds(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(Source);
        bool hasFolds = Directory.Exists(path) && LayoutOf(parsed, path) is DatasetLayout.UtInteraction;
        if (!hasFolds || parsed.GetResult(Split) is { Implicit: false }) return Read(parsed);
        return
        [
            .. from fold in UtInteraction.FoldsOf(path)
               from part in Enum.GetValues<DatasetPart>()
               select ($"fold{fold}_{RecipeFile.NameOf(part)}.txt", DatasetLayouts.Read(DatasetLayout.UtInteraction, path, part, fold)),
        ];
    }

    /// <summary>The list, or the data set's validation part, with the labels of a model's classes.</summary>
    public VideoList ReadForEvaluation(ParseResult parsed, IReadOnlyList<string> classes)
    {
        var path = parsed.GetRequiredValue(Source);
        return Directory.Exists(path)
            ? ClassMapping.Fit(Part(parsed, path, DatasetPart.Val), path, classes, say: Say)
            : ClassMapping.Read(path, classes, say: Say);
    }

    private VideoList Part(ParseResult parsed, string path, DatasetPart part) => Part(parsed, path, part, Say);

    private VideoList Part(ParseResult parsed, string path, DatasetPart part, Action<string>? say)
    {
        var videos = DatasetLayouts.Read(LayoutOf(parsed, path), path, part, parsed.GetValue(Split));
        foreach (var note in videos.Notes) say?.Invoke(note);
        return videos;
    }

    private DatasetLayout LayoutOf(ParseResult parsed, string path) => parsed.GetValue(Layout) ?? DatasetLayouts.Detect(path);

    private static void Say(string sentence) => Console.Error.WriteLine($"note: {sentence}");
}
