using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>Where a tensor lies in a safetensors file.</summary>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
public sealed record SafeTensorsEntry(ScalarType DType, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>
/// A safetensors file, open for reading: an 8-byte little-endian length, a JSON header of that length, then the tensors' bytes. The whole
/// header is checked before anything is read: every tensor lies inside the file, none overlaps another, and no byte is left over. Only the
/// tensors asked for are read, straight into their memory. Several threads may read at the same time.
/// </summary>
/// <remarks>
/// Positional reads rather than a memory map: the bytes are copied either way, and where a file shrinks or a disk fails meanwhile, a read
/// ends in an exception, a map ends the process.
/// </remarks>
public sealed class SafeTensorsFile : IDisposable
{
    /// <summary>Longest header that is accepted, as in the original implementation.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    private const int PrefixBytes = 8;

    private readonly SafeFileHandle handle;
    private readonly long dataStart;

    private SafeTensorsFile(string path, SafeFileHandle handle, long dataStart, SafeTensorsHeader header) =>
        (Path, this.handle, this.dataStart, Metadata, Entries) = (path, handle, dataStart, header.Metadata, header.Entries);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Free text by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name, in the header's order.</summary>
    public IReadOnlyDictionary<string, SafeTensorsEntry> Entries { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="CheckpointException">The file is missing or its header is wrong; the message says how.</exception>
    public static SafeTensorsFile Open(string path)
    {
        var handle = OpenHandle(path);
        try
        {
            long length = RandomAccess.GetLength(handle);
            RequirePrefix(path, length);
            Span<byte> prefix = stackalloc byte[PrefixBytes];
            Fill(path, handle, prefix, 0);
            ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (claimed > MaxHeaderBytes) throw new CheckpointException(path, $"its header claims {claimed} bytes, more than the {MaxHeaderBytes} allowed; is this a safetensors file?");
            long dataStart = PrefixBytes + (long)claimed;
            if (dataStart > length) throw new CheckpointException(path, $"its header claims {claimed} bytes, the file has {length - PrefixBytes} after the length; it is truncated");
            var json = new byte[claimed];
            Fill(path, handle, json, PrefixBytes);
            return new(path, handle, dataStart, SafeTensorsHeader.Parse(path, json, length - dataStart));
        }
        catch (Exception error)
        {
            handle.Dispose();
            if (error is IOException and not CheckpointException) throw new CheckpointException(path, error.Message, error);
            throw;
        }
    }

    /// <summary>Copies a tensor out of the file.</summary>
    /// <returns>A new tensor on the CPU.</returns>
    /// <exception cref="CheckpointException">There is no such tensor, or the file could not be read.</exception>
    public Tensor Read(string name)
    {
        if (!Entries.TryGetValue(name, out var entry)) throw new CheckpointException(Path, $"there is no tensor '{name}'");
        var tensor = empty([.. entry.Shape], entry.DType, CPU);
        try
        {
            foreach (var (part, offset) in SafeTensors.Parts(tensor))
            {
                using (part) Fill(Path, handle, part.bytes, dataStart + entry.Begin + offset);
            }
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
        return tensor;
    }

    /// <summary>Copies all tensors out of the file.</summary>
    /// <exception cref="CheckpointException">The file could not be read.</exception>
    public Dictionary<string, Tensor> ReadAll() => Entries.Keys.ToDictionary(name => name, Read);

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private static SafeFileHandle OpenHandle(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new CheckpointException(path, Directory.Exists(path) ? "it is a folder, not a safetensors file" : "there is no such file");
        try
        {
            // Before it is opened: opening a pipe would wait for a writer.
            RequirePrefix(path, file.Length);
            return File.OpenHandle(path);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CheckpointException(path, "it may not be read", error);
        }
        catch (IOException error) when (error is not CheckpointException)
        {
            throw new CheckpointException(path, error.Message, error);
        }
    }

    private static void RequirePrefix(string path, long length)
    {
        if (length < PrefixBytes) throw new CheckpointException(path, $"{length} bytes are too few for a safetensors file");
    }

    private static void Fill(string path, SafeFileHandle handle, Span<byte> target, long offset)
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
                throw new CheckpointException(path, error.Message, error);
            }
            if (count == 0) throw new CheckpointException(path, $"it ended at byte {offset} while it was read; is something writing to it?");
            target = target[count..];
            offset += count;
        }
    }
}
