using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>Where a tensor lies in a safetensors file.</summary>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
public sealed record SafeTensorsEntry(ScalarType DType, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>
/// A safetensors file, mapped into memory: an 8-byte little-endian length, a JSON header of that length, then the tensors' bytes. The whole
/// header is checked before anything is read: every tensor lies inside the file, none overlaps another, and no byte is left over.
/// </summary>
public sealed class SafeTensorsFile : IDisposable
{
    /// <summary>Longest header that is accepted, as in the reference implementation.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    private const string MetadataKey = "__metadata__";

    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly long dataStart;

    private SafeTensorsFile(
        string path, MemoryMappedFile map, MemoryMappedViewAccessor view, long dataStart,
        IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, SafeTensorsEntry> entries)
    {
        (Path, this.map, this.view, this.dataStart, Metadata, Entries) = (path, map, view, dataStart, metadata, entries);
    }

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
        long length = LengthOf(path);
        if (length < 8) throw new CheckpointException(path, $"{length} bytes are too few for a safetensors file");
        MemoryMappedFile? map = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            var (metadata, entries, dataStart) = ReadHeader(path, view, length);
            return new(path, map, view, dataStart, metadata, entries);
        }
        catch (Exception error)
        {
            view?.Dispose();
            map?.Dispose();
            if (error is UnauthorizedAccessException) throw new CheckpointException(path, "it may not be read");
            throw;
        }
    }

    /// <summary>Copies a tensor out of the file.</summary>
    /// <returns>A new tensor on the CPU.</returns>
    /// <exception cref="CheckpointException">There is no such tensor.</exception>
    public unsafe Tensor Read(string name)
    {
        if (!Entries.TryGetValue(name, out var entry)) throw new CheckpointException(Path, $"there is no tensor '{name}'");
        var tensor = empty([.. entry.Shape], entry.DType);
        long bytes = entry.End - entry.Begin;
        byte* source = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref source);
        try
        {
            source += view.PointerOffset + dataStart + entry.Begin;
            foreach (var (part, offset) in SafeTensors.Parts(tensor))
            {
                using (part) new ReadOnlySpan<byte>(source + offset, part.bytes.Length).CopyTo(part.bytes);
            }
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
        return tensor;
    }

    /// <summary>Copies all tensors out of the file.</summary>
    public Dictionary<string, Tensor> ReadAll() => Entries.Keys.ToDictionary(name => name, Read);

    /// <inheritdoc/>
    public void Dispose()
    {
        view.Dispose();
        map.Dispose();
    }

    private static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists) return file.Length;
        throw new CheckpointException(path, Directory.Exists(path) ? "it is a folder" : "there is no such file");
    }

    private static (Dictionary<string, string> Metadata, Dictionary<string, SafeTensorsEntry> Entries, long DataStart) ReadHeader(
        string path, MemoryMappedViewAccessor view, long length)
    {
        CheckpointException Bad(string cause) => new(path, cause);

        var prefix = new byte[8];
        view.ReadArray(0, prefix, 0, 8);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > MaxHeaderBytes) throw Bad($"its header claims {headerLength} bytes, more than the {MaxHeaderBytes} allowed; is this a safetensors file?");
        if ((long)headerLength > length - 8) throw Bad($"its header claims {headerLength} bytes, the file has {length - 8} after the length; it is truncated");
        var header = new byte[headerLength];
        view.ReadArray(8, header, 0, header.Length);
        long dataStart = 8 + (long)headerLength, dataLength = length - dataStart;

        var metadata = new Dictionary<string, string>();
        var entries = new Dictionary<string, SafeTensorsEntry>();
        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind is not JsonValueKind.Object) throw Bad("its header is no JSON object");
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey)
                {
                    foreach (var text in property.Value.EnumerateObject()) metadata[text.Name] = text.Value.GetString() ?? "";
                }
                else if (!entries.TryAdd(property.Name, ReadEntry(property.Name, property.Value, dataLength, Bad)))
                {
                    throw Bad($"tensor '{property.Name}' appears twice");
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or DecoderFallbackException)
        {
            throw Bad($"its header cannot be read: {error.Message.ReplaceLineEndings(" ")}");
        }

        // One after the other without holes, so that no byte is shared or hidden.
        long end = 0;
        foreach (var (name, entry) in entries.OrderBy(entry => entry.Value.Begin).ThenBy(entry => entry.Value.End))
        {
            if (entry.Begin != end) throw Bad($"tensor '{name}' begins at byte {entry.Begin}, the one before it ends at {end}: they {(entry.Begin < end ? "overlap" : "leave a hole")}");
            end = entry.End;
        }
        if (end != dataLength) throw Bad($"the tensors end at byte {end}, the data at {dataLength}");
        return (metadata, entries, dataStart);
    }

    private static SafeTensorsEntry ReadEntry(string name, JsonElement value, long dataLength, Func<string, CheckpointException> bad)
    {
        var typeName = value.GetProperty("dtype").GetString() ?? "";
        if (!SafeTensors.Types.TryGetValue(typeName, out var type)) throw bad($"tensor '{name}' has the unknown dtype '{typeName}'");
        var shape = value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()).ToArray();
        var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (shape.Any(length => length < 0)) throw bad($"tensor '{name}' has a negative length in its shape [{string.Join(", ", shape)}]");
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > dataLength)
        {
            throw bad($"tensor '{name}' lies at [{string.Join(", ", offsets)}], outside the data of {dataLength} bytes");
        }
        UInt128 bytes = (UInt128)type.Bytes;
        foreach (long length in shape)
        {
            bytes *= (UInt128)length;
            if (bytes > long.MaxValue && !shape.Contains(0)) throw bad($"tensor '{name}' has the impossible shape [{string.Join(", ", shape)}]");
            if (bytes == 0) break;
        }
        if ((UInt128)(end - begin) != bytes) throw bad($"tensor '{name}' takes {end - begin} bytes, its shape [{string.Join(", ", shape)}] of {typeName} needs {bytes}");
        return new(type.DType, shape, begin, end);
    }
}
