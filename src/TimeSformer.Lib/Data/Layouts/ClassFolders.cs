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
        var (walk, notes) = (new FolderWalk(), new List<string>());
        var items = classes.Index().SelectMany(entry => VideosOf(Path.Combine(folder, entry.Item), entry.Index, walk, notes)).ToList();
        return VideoList.Of(folder, items, classes, notes);
    }

    private static VideoList Split(string root, DatasetPart part)
    {
        var classes = Classes(root);
        var (walk, notes) = (new FolderWalk(), new List<string>());
        var items = classes.Index().SelectMany(entry => VideosOf(Path.Combine(root, entry.Item), entry.Index, walk, notes)
            .Where((_, place) => (place % ValidationEvery == ValidationEvery - 1) == (part is DatasetPart.Val))).ToList();
        return VideoList.Of(root, items, classes, notes);
    }

    // Pictures directly in the folder of a class are stills; those in a folder below it are the frames of a video.
    private static List<VideoItem> VideosOf(string folder, int label, FolderWalk walk, List<string> notes)
    {
        if (!Directory.Exists(folder)) return [];
        List<VideoItem> items = [.. walk.Pictures(folder).Concat(walk.Videos(folder)).Select(path => new VideoItem(path, label))];
        if (items.Count == 0 && FolderWalk.OtherExtensions(folder) is { Count: > 0 } others)
        {
            notes.Add($"{folder}: none of its files is known as a video or a picture ({string.Join(", ", others)})");
        }
        return items;
    }

    private static string[] Classes(string folder) => [.. DatasetFiles.Folders(folder).Select(path => Path.GetFileName(path))];

    private static string? Existing(string root, string[] names) =>
        names.Select(name => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);
}
