using System.IO.Compression;

namespace TimeSformer.Checkpoints;

/// <summary>The entries of a zip file by name, none of which may promise more than the file can hold.</summary>
internal sealed class ZipEntries : IDisposable
{
    // Weights hardly compress; files that are to fill the memory compress a thousand times.
    private const long MaxExpansion = 32;
    private const long SmallBytes = 16 << 20;

    private readonly string path;
    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries = [];

    private ZipEntries(string path, ZipArchive archive) => (this.path, this.archive) = (path, archive);

    /// <summary>The names, in the file's order.</summary>
    public IEnumerable<string> Names => archive.Entries.Select(entry => entry.FullName);

    /// <summary>Whether the zip file is one of PyTorch's, which holds a pickle.</summary>
    public static bool HoldsPickle(string path)
    {
        using var zip = Open(path);
        return zip.Names.Any(name => name.EndsWith("/data.pkl", StringComparison.Ordinal));
    }

    /// <summary>Opens a zip file and checks its directory.</summary>
    /// <exception cref="CheckpointException">It is damaged, or its entries overlap or claim impossible lengths.</exception>
    public static ZipEntries Open(string path)
    {
        using (FileBytes.Open(path, least: 22, "zip file"))
        {
        }
        ZipEntries? zip = null;
        try
        {
            zip = new ZipEntries(path, ZipFile.OpenRead(path));
            zip.CheckDirectory(new FileInfo(path).Length);
            return zip;
        }
        catch (Exception error) when (IsDamage(error))
        {
            zip?.Dispose();
            throw new CheckpointException(path, $"it is a damaged or truncated zip file: {error.Message}", error);
        }
        catch
        {
            zip?.Dispose();
            throw;
        }
    }

    /// <summary>The length of an entry's content; null if there is none of that name.</summary>
    public long? Length(string name) => entries.TryGetValue(name, out var entry) ? entry.Length : null;

    /// <summary>Fills the target with an entry's content from `offset` on.</summary>
    /// <exception cref="CheckpointException">The entry is missing, shorter or damaged.</exception>
    public void Read(string name, Span<byte> target, long offset)
    {
        if (!entries.TryGetValue(name, out var entry)) throw new CheckpointException(path, $"it holds no '{CheckpointException.Shown(name)}'");
        if (offset > entry.Length - target.Length) throw new CheckpointException(path, $"'{CheckpointException.Shown(name)}' ends after {entry.Length} bytes, too early");
        try
        {
            // The archive has one stream for all its entries.
            lock (archive)
            {
                using var stream = entry.Open();
                Skip(stream, offset);
                stream.ReadExactly(target);
            }
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw new CheckpointException(path, $"'{CheckpointException.Shown(name)}' is damaged: {error.Message}", error);
        }
    }

    public void Dispose() => archive.Dispose();

    private void CheckDirectory(long fileLength)
    {
        long stored = 0, content = 0;
        foreach (var entry in archive.Entries)
        {
            if (entry.Length < 0 || entry.CompressedLength < 0 || entry.CompressedLength > fileLength - stored)
            {
                throw new CheckpointException(path, $"'{CheckpointException.Shown(entry.FullName)}' and the entries before it claim more bytes than the file has: they overlap, or it is truncated");
            }
            stored += entry.CompressedLength;
            if (entry.Length > (fileLength * MaxExpansion) + SmallBytes - content)
            {
                throw new CheckpointException(path, $"'{CheckpointException.Shown(entry.FullName)}' claims to expand to {entry.Length} bytes, out of a file of {fileLength}: no weights compress like that");
            }
            content += entry.Length;
            if (!entries.TryAdd(entry.FullName, entry)) throw new CheckpointException(path, $"it holds '{CheckpointException.Shown(entry.FullName)}' twice");
        }
    }

    private static void Skip(Stream stream, long count)
    {
        if (stream.CanSeek)
        {
            stream.Seek(count, SeekOrigin.Current);
            return;
        }
        var buffer = new byte[(int)Math.Min(count, 1 << 16)];
        for (long left = count; left > 0;)
        {
            int part = (int)Math.Min(left, buffer.Length);
            stream.ReadExactly(buffer, 0, part);
            left -= part;
        }
    }

    private static bool IsDamage(Exception error) => error is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException or UnauthorizedAccessException;
}
