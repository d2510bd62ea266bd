using System.Globalization;

namespace TimeSformer.Data.Layouts;

/// <summary>Something-Something v2 (datasets/ssv2.py): a video's class is its template without the brackets around what is filled in.</summary>
internal static class SomethingSomething
{
    /// <summary>Numbers by template; the newer and the older name of the file.</summary>
    public static string[] LabelFiles { get; } = ["labels.json", "something-something-v2-labels.json"];

    public static VideoList Read(string root, DatasetPart part)
    {
        var labelFile = DatasetFiles.Require(root, DatasetLayout.Ssv2, LabelFiles);
        var labels = DatasetFiles.Json<Dictionary<string, string>>(labelFile).ToDictionary(
            entry => entry.Key,
            entry => int.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int label) ? label : throw new InputException($"{labelFile}: '{entry.Key}' has the number '{entry.Value}'"));
        var classes = labels.OrderBy(entry => entry.Value).Select(entry => entry.Key).ToArray();
        if (!labels.Values.Order().SequenceEqual(Enumerable.Range(0, labels.Count))) throw new InputException($"{labelFile}: the classes are not numbered from 0 to {labels.Count - 1}");

        var name = part is DatasetPart.Train ? "train" : "validation";
        var file = DatasetFiles.Require(root, DatasetLayout.Ssv2, $"{name}.json", $"something-something-v2-{name}.json");
        var videos = DatasetFiles.VideoFolder(root);
        return VideoList.Of(file, DatasetFiles.Json<List<Entry>>(file).Select(entry =>
        {
            var template = entry.Template.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
            return labels.TryGetValue(template, out int label)
                ? new VideoItem(DatasetFiles.Video(videos, DatasetFiles.Plain(file, entry.Id) + ".webm"), label)
                : throw new InputException($"{file}: video {entry.Id} has the template '{template}', which is not in {labelFile}");
        }), classes);
    }

    private sealed record Entry(string Id, string Template);
}
