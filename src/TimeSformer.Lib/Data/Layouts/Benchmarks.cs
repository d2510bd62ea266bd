using System.Globalization;

namespace TimeSformer.Data.Layouts;

/// <summary>The datasets of the University of Central Florida.</summary>
internal static class Ucf
{
    /// <summary>UCF101's class names, in lines such as <c>1 ApplyEyeMakeup</c>.</summary>
    public const string ClassesFile = "classInd.txt";

    // Lists have lines CLASS/VIDEO.avi, followed by the class number in training lists.
    public static VideoList Read101(string root, DatasetPart part, int split)
    {
        var classFile = DatasetFiles.Require(root, DatasetLayout.Ucf101, ClassesFile);
        var lines = File.ReadLines(classFile).Select(line => line.Trim()).Where(line => line != "");
        var classes = lines.Select(line => line.Split(' ')[^1]).ToArray();
        if (classes.CountBy(name => name).FirstOrDefault(count => count.Value > 1) is { Key: { } twice })
        {
            throw new InputException($"{classFile}: the class '{twice}' is listed more than once; remove all but one of its lines");
        }
        var labels = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var list = DatasetFiles.Require(root, DatasetLayout.Ucf101, $"{(part is DatasetPart.Train ? "train" : "test")}list{split:00}.txt");
        var videos = DatasetFiles.VideoFolder(root);
        return VideoList.Of(list, File.ReadLines(list).Index().Where(line => line.Item.Trim() != "").Select(line =>
        {
            if (line.Item.Trim().Split(' ')[0].Split('/') is not [var name, var video] || !labels.TryGetValue(name, out int label))
            {
                throw new InputException($"{list}:{line.Index + 1}: '{line.Item}' is not CLASS/VIDEO with a class from {ClassesFile}");
            }
            return new VideoItem(DatasetFiles.Video(Path.Combine(videos, name), DatasetFiles.PlainName(list, video)), label);
        }), classes);
    }

    // CLASS/v_NAME_GROUP/v_NAME_GROUP_CLIP.mpg; a folder named Annotation lies next to the groups.
    public static VideoList Read11(string root, DatasetPart part, int split)
    {
        var videos = DatasetFiles.VideoFolder(root);
        var folders = DatasetFiles.Folders(videos).Where(folder => Groups(folder).Any());
        var classes = folders.Select(folder => Path.GetFileName(folder)).ToArray();
        var walk = new FolderWalk();
        return VideoList.Of(root, from entry in classes.Index()
                                  from folder in Groups(Path.Combine(videos, entry.Item))
                                  where (GroupOf(folder) == split) == (part is DatasetPart.Val)
                                  from video in walk.Videos(folder)
                                  select new VideoItem(video, entry.Index), classes);
    }

    /// <summary>Whether a folder looks like UCF11.</summary>
    public static bool Has11(string root) =>
        Directory.Exists(root) && DatasetFiles.Folders(DatasetFiles.VideoFolder(root)).Any(folder => Groups(folder).Any());

    private static IEnumerable<string> Groups(string folder) => DatasetFiles.Folders(folder).Where(path => GroupOf(path) is not null);

    private static int? GroupOf(string folder) => Path.GetFileName(folder).Split('_') is ["v", .., var group]
        && int.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

/// <summary>HMDB51: one file per class and split, with lines <c>VIDEO.avi PART</c>.</summary>
internal static class Hmdb51
{
    private const string Suffix = "_test_split";

    public static VideoList Read(string root, DatasetPart part, int split)
    {
        var suffix = $"{Suffix}{split}.txt";
        var folder = SplitFolder(root) ?? throw new InputException(
            $"{root}: found no CLASS{suffix}, neither here nor in a folder such as testTrainMulti_7030_splits; "
                + DatasetLayouts.Source(DatasetLayout.Hmdb51));
        var files = Directory.GetFiles(folder, $"*{suffix}").Order(StringComparer.Ordinal).ToArray();
        var classes = files.Select(file => Path.GetFileName(file)[..^suffix.Length]).ToArray();
        var videos = DatasetFiles.VideoFolder(root);
        // 1 is training, 2 is test, 0 is unused in this split.
        var wanted = part is DatasetPart.Train ? "1" : "2";
        return VideoList.Of(folder, from entry in files.Index()
                                    from line in File.ReadLines(entry.Item).Index()
                                    let text = line.Item.Trim()
                                    where text.Length > 0
                                    let video = Parse(entry.Item, line.Index + 1, text)
                                    where video.Part == wanted
                                    let path = DatasetFiles.Video(Path.Combine(videos, classes[entry.Index]), video.Name)
                                    select new VideoItem(path, entry.Index), classes);
    }

    /// <summary>The folder with the split files, or null.</summary>
    public static string? SplitFolder(string root) =>
        DatasetFiles.AnnotationFolders(root).FirstOrDefault(folder => Directory.EnumerateFiles(folder, $"*{Suffix}1.txt").Any());

    private static (string Name, string Part) Parse(string file, int number, string line) =>
        line.LastIndexOf(' ') is > 0 and var space && line[(space + 1)..] is "0" or "1" or "2"
            ? (DatasetFiles.PlainName(file, line[..line.LastIndexOf(' ')].Trim()), line[(line.LastIndexOf(' ') + 1)..])
            : throw new InputException($"{file}:{number}: '{line}' is not the name of a video followed by 0, 1 or 2");
}

/// <summary>Diving48 version 2.</summary>
internal static class Diving48
{
    private const string VocabularyFile = "Diving48_vocab.json";

    public static string FileOf(DatasetPart part) => $"Diving48_V2_{(part is DatasetPart.Train ? "train" : "test")}.json";

    public static VideoList Read(string root, DatasetPart part)
    {
        var file = DatasetFiles.Require(root, DatasetLayout.Diving48, FileOf(part));
        var entries = DatasetFiles.JsonList<Entry>(file);
        var vocabulary = DatasetFiles.JsonList<List<string>>(DatasetFiles.Require(root, DatasetLayout.Diving48, VocabularyFile));
        // The name of a dive joins its four parts, such as Back, 15som, 05Twis and FREE.
        var classes = vocabulary.Select(parts => string.Join('+', parts)).ToArray();
        var videos = DatasetFiles.VideoFolder(root);
        return VideoList.Of(file, entries.Select(Item), classes);

        VideoItem Item(Entry entry) => new(DatasetFiles.Video(videos, DatasetFiles.PlainName(file, entry.VidName)), entry.Label);
    }

    private sealed record Entry(string VidName, int Label);
}

/// <summary>Something-Something v2 (datasets/ssv2.py): the class of a video is its template, without its brackets.</summary>
internal static class SomethingSomething
{
    /// <summary>The file with the label of each template, by its newer and its older name.</summary>
    public static string[] LabelFiles { get; } = ["labels.json", "something-something-v2-labels.json"];

    public static VideoList Read(string root, DatasetPart part)
    {
        var labelFile = DatasetFiles.Require(root, DatasetLayout.Ssv2, LabelFiles);
        var labels = DatasetFiles.Json<Dictionary<string, string>>(labelFile).ToDictionary(
            entry => entry.Key,
            entry => int.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int label)
                ? label
                : throw new InputException($"{labelFile}: '{entry.Key}' has the label '{entry.Value}', which is not an integer"));
        var classes = labels.OrderBy(entry => entry.Value).Select(entry => entry.Key).ToArray();
        if (!labels.Values.Order().SequenceEqual(Enumerable.Range(0, labels.Count)))
        {
            throw new InputException($"{labelFile}: the classes are not numbered from 0 to {labels.Count - 1}");
        }
        var name = part is DatasetPart.Train ? "train" : "validation";
        var file = DatasetFiles.Require(root, DatasetLayout.Ssv2, $"{name}.json", $"something-something-v2-{name}.json");
        var videos = DatasetFiles.VideoFolder(root);
        return VideoList.Of(file, DatasetFiles.JsonList<Entry>(file).Select(Item), classes);

        VideoItem Item(Entry entry)
        {
            var template = entry.Template.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
            return labels.TryGetValue(template, out int label)
                ? new(DatasetFiles.Video(videos, DatasetFiles.PlainName(file, entry.Id) + ".webm"), label)
                : throw new InputException($"{file}: video {entry.Id} has the template '{template}', which is not in {labelFile}");
        }
    }

    private sealed record Entry(string Id, string Template);
}
