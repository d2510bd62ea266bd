using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>Where a tensor lies in a safetensors file: bytes `Begin` to `End` (exclusive) after the header.</summary>
public sealed record SafeTensorsEntry(ScalarType DType, IReadOnlyList<long> Shape, long Begin, long End) : TensorEntry(DType, Shape);

/// <summary>
/// A safetensors file, open for reading: an 8-byte little-endian length, a JSON header of that length, then the tensors' bytes. Opening
/// checks the whole header: every tensor lies inside the file, none overlaps another, and no byte is left over. Only requested tensors
/// are read, straight into their memory. Several threads may read at once.
/// </summary>
public sealed class SafeTensorsFile : TensorFile
{
    /// <summary>The longest header accepted, in bytes; the original implementation's limit.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    internal const int PrefixBytes = 8;

    private readonly FileBytes bytes;
    private readonly long dataStart;

    private SafeTensorsFile(string path, FileBytes bytes, long dataStart, SafeTensorsHeader header)
        : base(path, bytes) => (this.bytes, this.dataStart, Metadata, Entries) = (bytes, dataStart, header.Metadata, header.Entries);

    /// <summary>Free text by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorEntry> Entries { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="CheckpointException">The file is missing or its header is wrong; the message says how.</exception>
    public static new SafeTensorsFile Open(string path)
    {
        CheckpointException Bad(string cause) => new(path, $"its header {cause}");
        return FileBytes.Open(path, least: PrefixBytes, "safetensors file").OrDispose(bytes =>
        {
            Span<byte> prefix = stackalloc byte[PrefixBytes];
            bytes.Read(prefix, 0);
            ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (claimed > MaxHeaderBytes) throw Bad($"claims {claimed} bytes, more than the {MaxHeaderBytes} allowed; is it safetensors?");
            long dataStart = PrefixBytes + (long)claimed;
            if (dataStart > bytes.Length) throw Bad($"claims {claimed} bytes, past the end; the file is truncated");
            var json = new byte[claimed];
            bytes.Read(json, PrefixBytes);
            return new SafeTensorsFile(path, bytes, dataStart, SafeTensorsHeader.Parse(path, json, bytes.Length - dataStart));
        });
    }

    private protected override Tensor Read(TensorEntry entry)
    {
        long start = dataStart + ((SafeTensorsEntry)entry).Begin;
        return Fill([.. entry.Shape], entry.DType, (target, offset) => bytes.Read(target, start + offset));
    }
}

/// <summary>The header of a safetensors file, checked against the length of the data that follows it.</summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>The one name that no tensor may have.</summary>
    public const string MetadataKey = "__metadata__";

    private const int MaxDimensions = 64;

    private readonly string path;
    private readonly long dataLength;

    private SafeTensorsHeader(string path, long dataLength, JsonElement root)
    {
        (this.path, this.dataLength) = (path, dataLength);
        foreach (var (name, value) in Members(root, "its header"))
        {
            if (name == MetadataKey) Metadata = ReadMetadata(value);
            else Entries.Add(name, ReadEntry($"tensor '{name.Shorten()}'", value));
        }
        RequireCover();
    }

    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>The tensors by name, in the header's order; together they cover the data exactly once.</summary>
    public OrderedDictionary<string, TensorEntry> Entries { get; } = [];

    /// <summary>Reads the header's JSON and checks all of it.</summary>
    /// <exception cref="CheckpointException">It is wrong; the message says how.</exception>
    public static SafeTensorsHeader Parse(string path, ReadOnlyMemory<byte> json, long dataLength)
    {
        if (!Utf8.IsValid(json.Span)) throw new CheckpointException(path, "its header is not valid UTF-8; is this a safetensors file?");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            return new(path, dataLength, document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // An escaped half of a surrogate pair is valid JSON, but not text.
            var part = error is JsonException ? "text that is not valid JSON" : "a name that is not valid Unicode";
            throw new CheckpointException(path, $"its header contains {part}: {error.Message}", error);
        }
    }

    private Dictionary<string, string> ReadMetadata(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null) return [];
        return Members(value, MetadataKey).ToDictionary(member => member.Key, member => member.Value.ValueKind is JsonValueKind.String
            ? member.Value.GetString()!
            : throw Bad($"'{member.Key.Shorten()}' in {MetadataKey} is not a string"));
    }

    private SafeTensorsEntry ReadEntry(string tensor, JsonElement value)
    {
        var members = Members(value, tensor);
        JsonElement Member(string name) => members.TryGetValue(name, out var member) ? member : throw Bad($"{tensor} has no '{name}'");

        var dtype = Member("dtype");
        var typeName = dtype.ValueKind is JsonValueKind.String ? dtype.GetString()! : dtype.GetRawText();
        if (!SafeTensors.Types.TryGetValue(typeName, out var type))
        {
            throw Bad($"{tensor} has the unknown dtype '{typeName.Shorten()}'; supported are {string.Join(", ", SafeTensors.Types.Keys)}");
        }
        var shape = Integers(Member("shape"), MaxDimensions)
            ?? throw Bad($"{tensor} has a shape that is not at most {MaxDimensions} integers: {Member("shape").GetRawText().Shorten()}");
        if (shape.Any(length => length < 0)) throw Bad($"{tensor} has a negative dimension in its shape {Text(shape)}");
        long bytes = TensorEntry.ByteCount(shape, type) ?? throw Bad($"{tensor} has the impossible shape {Text(shape)}");

        if (Integers(Member("data_offsets"), 2) is not [var begin, var end])
        {
            throw Bad($"{tensor} has data_offsets that are not two integers: {Member("data_offsets").GetRawText().Shorten()}");
        }
        if (begin < 0 || end < 0) throw Bad($"{tensor} has a negative offset in [{begin}, {end}]");
        if (end < begin) throw Bad($"{tensor} has reversed offsets [{begin}, {end}]");
        if (end > dataLength) throw Bad($"{tensor} lies at [{begin}, {end}], outside the data of {dataLength} bytes; is it truncated?");
        if (end - begin != bytes) throw Bad($"{tensor} takes {end - begin} bytes, but its shape {Text(shape)} of {typeName} needs {bytes}");
        return new(type, shape, begin, end);
    }

    // One after the other without gaps, so that no byte is shared or hidden.
    private void RequireCover()
    {
        long covered = 0;
        var places = Entries.Select(entry => (entry.Key, Entry: (SafeTensorsEntry)entry.Value));
        foreach (var (name, entry) in places.OrderBy(place => place.Entry.Begin).ThenBy(place => place.Entry.End))
        {
            if (entry.Begin != covered)
            {
                var relation = entry.Begin < covered ? "overlap" : "leave a gap";
                throw Bad($"tensor '{name.Shorten()}' begins at byte {entry.Begin}, the one before it ends at {covered}: they {relation}");
            }
            covered = entry.End;
        }
        if (covered != dataLength) throw Bad($"the tensors end at byte {covered}, the data at {dataLength}");
    }

    private OrderedDictionary<string, JsonElement> Members(JsonElement value, string owner)
    {
        if (value.ValueKind is not JsonValueKind.Object) throw Bad($"{owner} is not a JSON object");
        OrderedDictionary<string, JsonElement> members = [];
        foreach (var member in value.EnumerateObject())
        {
            if (!members.TryAdd(member.Name, member.Value)) throw Bad($"{owner} has '{member.Name.Shorten()}' twice");
        }
        return members;
    }

    private static long[]? Integers(JsonElement value, int most)
    {
        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() > most) return null;
        var numbers = new long[value.GetArrayLength()];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (value[i].ValueKind is not JsonValueKind.Number || !value[i].TryGetInt64(out numbers[i])) return null;
        }
        return numbers;
    }

    private CheckpointException Bad(string cause) => new(path, cause);

    private static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";
}
