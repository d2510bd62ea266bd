namespace TimeSformer.Training;

/// <summary>Free space on disks.</summary>
internal static class DiskSpace
{
    /// <summary>Bytes that this user may still write where a folder is; endless where that is unknown, as on some shares.</summary>
    public static long Free(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>A number of bytes in a fitting unit.</summary>
    public static string Text(long bytes) => bytes switch
    {
        >= 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e9:0.0} GB"),
        _ => FormattableString.Invariant($"{bytes / 1e6:0.0} MB"),
    };
}
