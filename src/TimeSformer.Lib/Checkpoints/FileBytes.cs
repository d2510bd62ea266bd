using Microsoft.Win32.SafeHandles;

namespace TimeSformer.Checkpoints;

/// <summary>
/// A file's bytes at any position; several threads may read at the same time. Positional reads rather than a memory map: the bytes are
/// copied into tensors either way, and where a file shrinks or a disk fails meanwhile, a read ends in an exception, a map ends the process.
/// </summary>
internal sealed class FileBytes : IDisposable
{
    private readonly string path;
    private readonly SafeFileHandle handle;

    private FileBytes(string path, SafeFileHandle handle) => (this.path, this.handle, Length) = (path, handle, RandomAccess.GetLength(handle));

    /// <summary>The file's length when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens a file that must have at least some bytes to be what it should be.</summary>
    /// <exception cref="CheckpointException">It is missing or too short.</exception>
    /// <exception cref="IOException">It may not or cannot be read.</exception>
    public static FileBytes Open(string path, int least, string what)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new CheckpointException(path, Directory.Exists(path) ? $"it is a folder, not a {what}" : "there is no such file");
        // Before it is opened: opening a pipe would wait for a writer.
        if (file.Length < least) throw new CheckpointException(path, $"{file.Length} bytes are too few for a {what}");
        try
        {
            return new(path, File.OpenHandle(path));
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{path}: the file may not be read", error);
        }
        catch (IOException error)
        {
            throw new IOException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Fills the target with the bytes from `offset` on.</summary>
    /// <exception cref="CheckpointException">The file ends before.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            int count;
            try
            {
                count = RandomAccess.Read(handle, target, offset);
            }
            catch (IOException error)
            {
                throw new IOException($"{path}: {error.Message}", error);
            }
            if (count == 0) throw new CheckpointException(path, $"it ended at byte {offset} while it was read; is something writing to it?");
            target = target[count..];
            offset += count;
        }
    }

    public void Dispose() => handle.Dispose();
}
