namespace TimeSformer.Data.Layouts;

/// <summary>Diving48, second version.</summary>
internal static class Diving48
{
    private const string VocabularyFile = "Diving48_vocab.json";

    public static string FileOf(DatasetPart part) => $"Diving48_V2_{(part is DatasetPart.Train ? "train" : "test")}.json";

    public static VideoList Read(string root, DatasetPart part)
    {
        var file = DatasetFiles.Require(root, DatasetLayout.Diving48, FileOf(part));
        var entries = DatasetFiles.Json<List<Entry>>(file);
        // A dive is named by its four parts, such as Back, 15som, 05Twis, FREE.
        var classes = DatasetFiles.Json<List<List<string>>>(DatasetFiles.Require(root, DatasetLayout.Diving48, VocabularyFile)).Select(parts => string.Join('+', parts)).ToArray();
        var videos = DatasetFiles.VideoFolder(root);
        return VideoList.Of(file, entries.Select(entry => new VideoItem(DatasetFiles.Video(videos, DatasetFiles.Plain(file, entry.VidName)), entry.Label)), classes);
    }

    private sealed record Entry(string VidName, int Label);
}
