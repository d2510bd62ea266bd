using System.IO.Compression;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>The entries of a zip file by name; none may claim more bytes than the file can hold.</summary>
internal sealed class ZipEntries : IDisposable
{
    // Weights hardly compress; zip bombs compress a thousandfold.
    private const long MaxExpansion = 32, SmallBytes = 16 << 20;

    private readonly string path;
    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries = [];

    private ZipEntries(string path, ZipArchive archive) => (this.path, this.archive) = (path, archive);

    /// <summary>The names, in the file's order.</summary>
    public IEnumerable<string> Names => archive.Entries.Select(entry => entry.FullName);

    /// <summary>Whether the file contains a pickle, as PyTorch's do.</summary>
    public static bool HoldsPickle(string path)
    {
        using var zip = Open(path);
        return zip.Names.Any(name => name.EndsWith("/data.pkl", StringComparison.Ordinal));
    }

    /// <summary>Opens a zip file and checks its directory.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or its entries overlap or claim impossible lengths.</exception>
    public static ZipEntries Open(string path)
    {
        using (FileBytes.Open(path, least: 22, "zip file"))
        {
        }
        try
        {
            return new ZipEntries(path, ZipFile.OpenRead(path)).OrDispose(zip =>
            {
                zip.CheckDirectory(new FileInfo(path).Length);
                return zip;
            });
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw new CheckpointException(path, $"damaged or truncated zip file: {error.Message}", error);
        }
    }

    /// <summary>The length of an entry's content in bytes, or null if there is no such entry.</summary>
    public long? Length(string name) => entries.TryGetValue(name, out var entry) ? entry.Length : null;

    /// <summary>Fills the target with an entry's content from `offset` on.</summary>
    /// <exception cref="CheckpointException">The entry is missing, shorter or damaged.</exception>
    public void Read(string name, Span<byte> target, long offset)
    {
        if (!entries.TryGetValue(name, out var entry)) throw Bad($"it has no entry '{name.Shorten()}'");
        if (offset > entry.Length - target.Length) throw Bad($"'{name.Shorten()}' ends early, after {entry.Length} bytes");
        try
        {
            // All entries share the archive's stream.
            lock (archive)
            {
                using var stream = entry.Open();
                if (stream.CanSeek) stream.Seek(offset, SeekOrigin.Current);
                else Skip(stream, offset);
                stream.ReadExactly(target);
            }
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw Bad($"'{name.Shorten()}' is damaged: {error.Message}", error);
        }
    }

    public void Dispose() => archive.Dispose();

    private void CheckDirectory(long fileLength)
    {
        long stored = 0, content = 0;
        foreach (var entry in archive.Entries)
        {
            var name = entry.FullName.Shorten();
            if (entry.Length < 0 || entry.CompressedLength < 0 || entry.CompressedLength > fileLength - stored)
            {
                throw Bad($"'{name}' and the entries before it claim more bytes than the file has: they overlap, or the file is truncated");
            }
            stored += entry.CompressedLength;
            if (entry.Length > (fileLength * MaxExpansion) + SmallBytes - content)
            {
                throw Bad($"'{name}' claims to expand to {entry.Length} bytes, in a file of {fileLength}: no weights compress like that");
            }
            content += entry.Length;
            if (!entries.TryAdd(entry.FullName, entry)) throw Bad($"it contains '{name}' twice");
        }
    }

    private static void Skip(Stream stream, long count)
    {
        var buffer = new byte[(int)Math.Min(count, 1 << 16)];
        for (long left = count; left > 0;)
        {
            int part = (int)Math.Min(left, buffer.Length);
            stream.ReadExactly(buffer, 0, part);
            left -= part;
        }
    }

    private CheckpointException Bad(string cause, Exception? error = null) => new(path, cause, error);

    private static bool IsDamage(Exception error) =>
        error is IOException or InvalidDataException or NotSupportedException or ArgumentException or OverflowException
            or UnauthorizedAccessException;
}
