using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>What must outlast a power failure.</summary>
internal static partial class Disk
{
    /// <summary>
    /// Waits until a file's content, or the names in a folder, are on disk (POSIX fsync). Windows, whose file systems keep names in a
    /// journal, cannot flush a folder; nothing is done there.
    /// </summary>
    /// <exception cref="IOException">It cannot be opened, or the disk fails.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        // File.OpenHandle refuses folders.
        int descriptor = open(path, flags: 0);
        if (descriptor < 0) throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int open(string path, int flags);
}
