using System.Text.Json;
using TimeSformer.Video;

namespace TimeSformer.Data.Layouts;

/// <summary>Finds annotations and videos in the folders of datasets.</summary>
internal static class DatasetFiles
{
    // The folders that archives unpack to, and other common names.
    private static readonly string[] annotationFolders =
    [
        "", "annotations", "labels", "ucfTrainTestlist", "testTrainMulti_7030_splits", "test_train_splits", "splits",
        "test_train_splits/testTrainMulti_7030_splits",
    ];

    private static readonly string[] videoFolders =
    [
        "UCF-101", "UCF11_updated_mpg", "hmdb51_org", "rgb", "20bn-something-something-v2", "20bn-something-something-v2-frames",
        "videos", "frames", "rawframes",
    ];

    /// <summary>The path of an annotation file, or null.</summary>
    public static string? Find(string root, string name) =>
        AnnotationFolders(root).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The path of an annotation file, by the first of its names that exists.</summary>
    /// <exception cref="InputException">No such file exists; the message tells where to get the dataset.</exception>
    public static string Require(string root, DatasetLayout layout, params string[] names) =>
        names.Select(name => Find(root, name)).FirstOrDefault(path => path is not null) ?? throw new InputException(
            $"{root}: found no {string.Join(" or ", names)}, neither here nor in a folder such as annotations; "
                + DatasetLayouts.Source(layout));

    /// <summary>The existing folders that may hold annotations.</summary>
    public static IEnumerable<string> AnnotationFolders(string root) =>
        annotationFolders.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists);

    /// <summary>The folder that holds the videos: one with a known name, or the root.</summary>
    public static string VideoFolder(string root) =>
        videoFolders.Select(folder => Path.Combine(root, folder)).FirstOrDefault(Directory.Exists) ?? root;

    /// <summary>The video of an annotation: the file itself, a version in another format, or a folder of its frames.</summary>
    /// <returns>The path; of the file itself if nothing exists.</returns>
    public static string Video(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path) || Directory.Exists(path)) return path;
        var stem = VideoFormats.IsVideo(name) ? path[..^Path.GetExtension(name).Length] : path;
        return VideoFormats.Extensions.Select(extension => stem + extension).Prepend(stem).FirstOrDefault(Path.Exists) ?? path;
    }

    /// <summary>The subfolders of a folder, ordered by name, without hidden ones.</summary>
    public static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(folder).Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal);

    /// <summary>Reads a JSON file.</summary>
    /// <exception cref="InputException">It is not JSON of the expected form.</exception>
    public static T Json<T>(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, options) ?? throw new InputException($"{path}: the file is empty");
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: not the expected annotations: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Reads a JSON file that holds a list.</summary>
    /// <exception cref="InputException">It is not JSON of the expected form, or an entry is null.</exception>
    public static T[] JsonList<T>(string path) where T : class
    {
        var list = Json<T?[]>(path);
        int missing = Array.IndexOf(list, null);
        if (missing < 0) return list!;
        throw new InputException($"{path}: not the expected annotations: entry {missing + 1} of the list is null");
    }

    /// <summary>Checks that a name from an annotation does not lead out of the videos' folder.</summary>
    /// <exception cref="InputException">The name is empty, or is or contains a path.</exception>
    public static string PlainName(string path, string name) =>
        name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', '\0']) < 0
            ? name
            : throw new InputException($"{path}: '{name}' is not the name of a video");

    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };
}
