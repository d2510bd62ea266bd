using System.CommandLine;
using TimeSformer.Data;
using TimeSformer.Data.Layouts;
using TimeSformer.Training;

namespace TimeSformer.Cli.Commands;

/// <summary>Videos on the command line: a list, or a data set's folder with its layout.</summary>
internal sealed class VideoArguments
{
    private readonly Argument<string> source = new("videos") { Description = "List of videos, `path label` a line, or a data set's folder" };

    private readonly Option<DatasetLayout?> layout = new("--layout")
    {
        Description = $"How the folder is laid out ({string.Join(", ", Enum.GetValues<DatasetLayout>().Select(known => RecipeFile.NameOf(known)))}); found out where not given",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value.ToLowerInvariant();
            if (Enum.GetValues<DatasetLayout>().Where(known => RecipeFile.NameOf(known) == text).ToList() is [var found]) return found;
            result.AddError($"there is no layout '{text}'; the layouts are {string.Join(", ", Enum.GetValues<DatasetLayout>().Select(known => RecipeFile.NameOf(known)))}");
            return null;
        },
    };

    private readonly Option<int> split = new("--split") { Description = "Which of the data set's official splits", DefaultValueFactory = _ => 1 };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(source);
        command.Options.Add(layout);
        command.Options.Add(split);
    }

    /// <summary>The list, or both parts of the data set, each by the file name that it has or would have.</summary>
    public IReadOnlyList<(string Name, VideoList Videos)> Read(ParseResult parsed) => parsed.GetRequiredValue(source) is var path && Directory.Exists(path)
        ? [("train.txt", Part(parsed, path, DatasetPart.Train)), ("val.txt", Part(parsed, path, DatasetPart.Val))]
        : [(Path.GetFileName(path), VideoList.Read(path))];

    /// <summary>The list, or the data set's part for validation, with labels that a model knows.</summary>
    public VideoList ReadForEvaluation(ParseResult parsed, int classes)
    {
        var path = parsed.GetRequiredValue(source);
        if (!Directory.Exists(path)) return VideoList.Read(path, classes);
        var videos = Part(parsed, path, DatasetPart.Val);
        return videos.Classes.Count == classes ? videos : throw new InvalidDataException($"{path}: the data set has {videos.Classes.Count} classes, the model {classes}");
    }

    private VideoList Part(ParseResult parsed, string path, DatasetPart part) => DatasetLayouts.Read(parsed.GetValue(layout) ?? DatasetLayouts.Detect(path), path, part, parsed.GetValue(split));
}
