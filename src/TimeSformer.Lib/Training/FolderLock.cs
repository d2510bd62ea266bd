namespace TimeSformer.Training;

/// <summary>A folder that one process works in at a time. The lock goes with the process, however it ends.</summary>
internal static class FolderLock
{
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes a folder, which is made where it is missing; waits while another process has it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="atMost">How long to wait; as long as it takes where infinite.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>What holds it until it is disposed; null where the time is over.</returns>
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

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows: not a full disk or a missing right.
    private static bool IsHeld(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32;
}
