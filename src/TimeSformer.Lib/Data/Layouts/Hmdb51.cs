namespace TimeSformer.Data.Layouts;

/// <summary>HMDB51: for each class and split a file with lines <c>VIDEO.avi PART</c>.</summary>
internal static class Hmdb51
{
    private const string Ending = "_test_split";

    public static VideoList Read(string root, DatasetPart part, int split)
    {
        var folder = SplitFolder(root) ?? throw new InputException($"{root}: there are no files CLASS{Ending}{split}.txt, neither here nor in a folder such as testTrainMulti_7030_splits; {DatasetLayouts.Source(DatasetLayout.Hmdb51)}");
        var ending = $"{Ending}{split}.txt";
        var files = Directory.GetFiles(folder, $"*{ending}").Order(StringComparer.Ordinal).ToArray();
        var classes = files.Select(file => Path.GetFileName(file)[..^ending.Length]).ToArray();
        var videos = DatasetFiles.VideoFolder(root);
        // 1 is training, 2 test; 0 is in neither part of this split.
        var wanted = part is DatasetPart.Train ? "1" : "2";
        return VideoList.Of(folder, from entry in files.Index()
                                    from line in File.ReadLines(entry.Item).Index()
                                    let text = line.Item.Trim()
                                    where text.Length > 0
                                    let words = Words(entry.Item, line.Index + 1, text)
                                    where words.Part == wanted
                                    select new VideoItem(DatasetFiles.Video(Path.Combine(videos, classes[entry.Index]), words.Name), entry.Index), classes);
    }

    /// <summary>Where the splits lie, or null.</summary>
    public static string? SplitFolder(string root) => DatasetFiles.AnnotationFolders(root).FirstOrDefault(folder => Directory.EnumerateFiles(folder, $"*{Ending}1.txt").Any());

    private static (string Name, string Part) Words(string file, int number, string line) => line.LastIndexOf(' ') is > 0 and var cut && line[(cut + 1)..] is "0" or "1" or "2"
        ? (DatasetFiles.Plain(file, line[..line.LastIndexOf(' ')].Trim()), line[(line.LastIndexOf(' ') + 1)..])
        : throw new InputException($"{file}:{number}: '{line}' is not a video's name and 0, 1 or 2");
}
