using TimeSformer.Video;

namespace TimeSformer.Data.Layouts;

/// <summary>A folder per class, for datasets of one's own.</summary>
internal static class ClassFolders
{
    private const int ValidationEvery = 5;

    private static readonly string[] training = ["train", "training"];
    private static readonly string[] validation = ["val", "validation", "valid", "test"];

    public static VideoList Read(string root, DatasetPart part)
    {
        var (train, val) = (Existing(root, training), Existing(root, validation));
        if (train is null && val is null) return Split(root, part);
        if (train is null || (val is null && part is DatasetPart.Val))
        {
            var missing = train is null ? training[0] : string.Join(" or ", validation);
            throw new InputException($"{root}: there is a folder {Path.GetFileName(train ?? val)}, but none named {missing}");
        }
        // The training classes number both parts.
        var classes = Classes(train);
        var folder = part is DatasetPart.Train ? train : val!;
        if (Classes(folder).Except(classes).FirstOrDefault() is { } unknown)
        {
            throw new InputException($"{Path.Combine(folder, unknown)}: the class has no folder in {train}");
        }
        return VideoList.Of(folder, classes.Index().SelectMany(entry => VideosOf(Path.Combine(folder, entry.Item), entry.Index)), classes);
    }

    private static VideoList Split(string root, DatasetPart part)
    {
        var classes = Classes(root);
        var items = classes.Index().SelectMany(entry => VideosOf(Path.Combine(root, entry.Item), entry.Index)
            .Where((_, place) => (place % ValidationEvery == ValidationEvery - 1) == (part is DatasetPart.Val)));
        return VideoList.Of(root, items, classes);
    }

    // Pictures directly in the folder of a class are stills; those in a folder below it are the frames of a video.
    private static IEnumerable<VideoItem> VideosOf(string folder, int label) => Directory.Exists(folder)
        ? FrameFolder.Pictures(folder).Order(StringComparer.Ordinal).Concat(DatasetFiles.Videos(folder))
            .Select(path => new VideoItem(path, label))
        : [];

    private static string[] Classes(string folder) => [.. DatasetFiles.Folders(folder).Select(path => Path.GetFileName(path))];

    private static string? Existing(string root, string[] names) =>
        names.Select(name => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);
}
