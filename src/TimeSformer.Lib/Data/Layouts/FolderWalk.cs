using TimeSformer.Video;

namespace TimeSformer.Data.Layouts;

/// <summary>
/// Finds the videos below folders. Symbolic links are followed, but none that leads back to a folder above it, and what several paths lead
/// to counts once, by the path that is found first.
/// </summary>
internal sealed class FolderWalk
{
    private const int ExtensionsShown = 5, MostLinks = 40;

    private readonly HashSet<string> found = [];

    /// <summary>The pictures in a folder that were not found before, ordered by name.</summary>
    public IEnumerable<string> Pictures(string folder) => New(RealPath(folder), FrameFolder.Pictures(folder));

    /// <summary>The videos below a folder that were not found before, ordered by name: files, and folders of frames.</summary>
    public IEnumerable<string> Videos(string folder) => Videos(folder, RealPath(folder));

    /// <summary>The extensions of files that are neither videos nor pictures, in a folder and its subfolders.</summary>
    public static IReadOnlyList<string> OtherExtensions(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions
        {
            RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden, IgnoreInaccessible = true,
        }).Where(file => !VideoFormats.IsVideo(file) && !FrameFolder.IsPicture(file))
            .Select(file => Path.GetExtension(file) is { Length: > 0 } extension ? extension.ToLowerInvariant() : Path.GetFileName(file))
            .Distinct().Take(ExtensionsShown).Order(StringComparer.Ordinal),
    ];

    private IEnumerable<string> Videos(string folder, string real)
    {
        foreach (var file in New(real, Directory.EnumerateFiles(folder).Where(VideoFormats.IsVideo))) yield return file;
        foreach (var subfolder in DatasetFiles.Folders(folder))
        {
            var target = RealPath(subfolder, real);
            bool isAbove = Inside(real).StartsWith(Inside(target), StringComparison.Ordinal);
            if (isAbove || !found.Add(target)) continue;
            if (FrameFolder.IsFrameFolder(subfolder)) yield return subfolder;
            else foreach (var video in Videos(subfolder, target)) yield return video;
        }
    }

    // A link to nothing is no file.
    private IEnumerable<string> New(string real, IEnumerable<string> files) => files.Order(StringComparer.Ordinal)
        .Where(file => RealPath(file, real) is var target && File.Exists(target) && found.Add(target));

    private static string Inside(string folder) => Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;

    // The path without symbolic links; empty if they lead in a circle.
    private static string RealPath(string path, int links = MostLinks) =>
        Path.GetDirectoryName(path) is { } folder ? RealPath(path, RealPath(folder, links), links) : path;

    private static string RealPath(string path, string realFolder, int links = MostLinks)
    {
        var real = Path.Combine(realFolder, Path.GetFileName(path));
        if (new FileInfo(real).LinkTarget is not { } target) return real;
        return links > 0 ? RealPath(Path.GetFullPath(target, realFolder), links - 1) : "";
    }
}
