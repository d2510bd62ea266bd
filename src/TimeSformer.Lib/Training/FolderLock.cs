namespace TimeSformer.Training;

/// <summary>A folder that only one process works in at a time. The lock ends with the process, however that ends.</summary>
internal static class FolderLock
{
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Locks a folder, which is created if it does not exist; waits while another process holds it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="atMost">How long to wait, possibly without end.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>The lock, held until it is disposed; null if the time is over.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static FileStream? Take(string folder, TimeSpan atMost, CancellationToken cancel = default)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, ".lock");
        var end = atMost == Timeout.InfiniteTimeSpan ? DateTime.MaxValue : DateTime.UtcNow + atMost;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (IsHeld(error))
            {
                if (DateTime.UtcNow >= end) return null;
                cancel.WaitHandle.WaitOne(interval);
            }
        }
    }

    // EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows: neither a full disk nor a missing permission.
    private static bool IsHeld(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32;
}
