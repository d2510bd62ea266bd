using System.Text.Json;
using TimeSformer.Video;

namespace TimeSformer.Data.Layouts;

/// <summary>Finding things in the folders of data sets.</summary>
internal static class DatasetFiles
{
    private static readonly HashSet<string> endings = new(
        [".mp4", ".avi", ".webm", ".mkv", ".mov", ".mpg", ".mpeg", ".m4v", ".wmv", ".flv", ".3gp", ".ogv"], StringComparer.OrdinalIgnoreCase);

    // Where archives unpack to, and what people call such folders.
    private static readonly string[] annotationFolders =
        ["", "annotations", "labels", "ucfTrainTestlist", "testTrainMulti_7030_splits", "test_train_splits", "splits", "test_train_splits/testTrainMulti_7030_splits"];

    private static readonly string[] videoFolders =
        ["UCF-101", "UCF11_updated_mpg", "hmdb51_org", "rgb", "20bn-something-something-v2", "20bn-something-something-v2-frames", "videos", "frames", "rawframes"];

    /// <summary>An annotation file, or null.</summary>
    public static string? Find(string root, string name) => AnnotationFolders(root).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>An annotation file.</summary>
    /// <exception cref="InputException">It is not there.</exception>
    public static string Require(string root, DatasetLayout layout, params string[] names) => names.Select(name => Find(root, name)).FirstOrDefault(path => path is not null)
        ?? throw new InputException($"{root}: there is no {string.Join(" or ", names)}, neither here nor in a folder such as annotations; {DatasetLayouts.Source(layout)}");

    /// <summary>Folders that may hold annotations.</summary>
    public static IEnumerable<string> AnnotationFolders(string root) => annotationFolders.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists);

    /// <summary>The folder that holds the videos: one with a known name, or the data set's own.</summary>
    public static string VideoFolder(string root) => videoFolders.Select(folder => Path.Combine(root, folder)).FirstOrDefault(Directory.Exists) ?? root;

    /// <summary>The video of an annotation: the file itself, one that was made of it in another format, or a folder of its frames.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="name">Its name in the annotation; an ending is not needed.</param>
    public static string Video(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path) || Directory.Exists(path)) return path;
        var stem = endings.Contains(Path.GetExtension(name)) ? path[..^Path.GetExtension(name).Length] : path;
        return endings.Select(ending => stem + ending).Prepend(stem).FirstOrDefault(Path.Exists) ?? path;
    }

    /// <summary>The videos in a folder and those below it, by name: files, and folders of frames.</summary>
    public static IEnumerable<string> Videos(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => endings.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)) yield return file;
        foreach (var below in Folders(folder))
        {
            if (FrameFolder.Is(below)) yield return below;
            else foreach (var video in Videos(below)) yield return video;
        }
    }

    /// <summary>The folders in a folder, by name, without hidden ones.</summary>
    public static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(folder).Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal);

    /// <summary>A JSON file.</summary>
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
            throw new InputException($"{path}: not the annotations that were expected: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>A name from an annotation, which must not lead out of the videos' folder.</summary>
    public static string Plain(string path, string name) => name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', '\0']) < 0
        ? name
        : throw new InputException($"{path}: '{name}' is no name of a video");

    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    };
}
