using System.Globalization;

namespace TimeSformer.Data.Layouts;

/// <summary>The data sets of the University of Central Florida.</summary>
internal static class Ucf
{
    /// <summary>UCF101's classes: <c>1 ApplyEyeMakeup</c> a line.</summary>
    public const string ClassesFile = "classInd.txt";

    // A list's lines are CLASS/VIDEO.avi, in those for training followed by the class's number.
    public static VideoList Read101(string root, DatasetPart part, int split)
    {
        var classes = File.ReadLines(DatasetFiles.Require(root, DatasetLayout.Ucf101, ClassesFile)).Where(line => line.Trim().Length > 0).Select(line => line.Trim().Split(' ')[^1]).ToArray();
        var labels = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var list = DatasetFiles.Require(root, DatasetLayout.Ucf101, string.Create(CultureInfo.InvariantCulture, $"{(part is DatasetPart.Train ? "train" : "test")}list{split:00}.txt"));
        var videos = DatasetFiles.VideoFolder(root);
        return VideoList.Of(list, File.ReadLines(list).Index().Where(line => line.Item.Trim().Length > 0).Select(line =>
        {
            if (line.Item.Trim().Split(' ')[0].Split('/') is not [var name, var video] || !labels.TryGetValue(name, out int label))
            {
                throw new InputException($"{list}:{line.Index + 1}: '{line.Item}' is not CLASS/VIDEO with a class of {ClassesFile}");
            }
            return new VideoItem(DatasetFiles.Video(Path.Combine(videos, name), DatasetFiles.Plain(list, video)), label);
        }), classes);
    }

    // CLASS/v_NAME_GROUP/v_NAME_GROUP_CLIP.mpg; beside the groups lies a folder Annotation.
    public static VideoList Read11(string root, DatasetPart part, int split)
    {
        var videos = DatasetFiles.VideoFolder(root);
        var classes = DatasetFiles.Folders(videos).Where(folder => Groups(folder).Any()).Select(folder => Path.GetFileName(folder)).ToArray();
        return VideoList.Of(root, from entry in classes.Index()
                                  from folder in Groups(Path.Combine(videos, entry.Item))
                                  where (GroupOf(folder) == split) == (part is DatasetPart.Val)
                                  from video in DatasetFiles.Videos(folder)
                                  select new VideoItem(video, entry.Index), classes);
    }

    /// <summary>Whether a folder looks like UCF11.</summary>
    public static bool Has11(string root) => Directory.Exists(root) && DatasetFiles.Folders(DatasetFiles.VideoFolder(root)).Any(folder => Groups(folder).Any());

    private static IEnumerable<string> Groups(string folder) => DatasetFiles.Folders(folder).Where(path => GroupOf(path) is not null);

    private static int? GroupOf(string folder) =>
        Path.GetFileName(folder).Split('_') is ["v", .., var group] && int.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
