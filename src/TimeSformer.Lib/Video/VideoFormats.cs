namespace TimeSformer.Video;

/// <summary>
/// The names by which video files are recognized in folders and lists. Whether a file decodes depends on its content: OpenCV's FFmpeg reads
/// a fixed list of formats (<see cref="Torch.NativeLibraries"/>), and no playlists.
/// </summary>
public static class VideoFormats
{
    private static readonly HashSet<string> known = new(
        [
            ".mp4", ".avi", ".webm", ".mkv", ".mov", ".mpg", ".mpeg", ".m4v", ".wmv", ".flv", ".3gp", ".ogv", ".ts", ".mts", ".m2ts",
            ".3g2", ".asf", ".vob", ".mxf", ".gif", ".y4m", ".ogm", ".qt", ".f4v", ".divx", ".dv", ".m1v", ".m2v", ".m2t", ".mpe", ".mpv",
            ".mp4v", ".h264", ".264", ".h265", ".hevc", ".mjpeg", ".mjpg", ".rm", ".rmvb", ".nut", ".ivf", ".amv", ".wtv",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Extensions of video files, with their dot; the more usual ones first.</summary>
    public static IReadOnlyCollection<string> Extensions => known;

    /// <summary>Whether a path has the extension of a video file, in any case; the file need not exist.</summary>
    public static bool IsVideo(string path) => known.Contains(Path.GetExtension(path));
}
