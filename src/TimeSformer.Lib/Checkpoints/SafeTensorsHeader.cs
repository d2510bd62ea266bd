using System.Text.Json;
using System.Text.Unicode;

namespace TimeSformer.Checkpoints;

/// <summary>The header of a safetensors file, checked against the length of the data that follows it.</summary>
/// <param name="Metadata">Free text by key.</param>
/// <param name="Entries">The tensors by name, in the header's order; together they cover the data exactly once.</param>
internal sealed record SafeTensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, TensorEntry> Entries)
{
    /// <summary>The one name that no tensor may have.</summary>
    public const string MetadataKey = "__metadata__";

    private const int MaxDimensions = 64;

    /// <summary>Reads the header's JSON and checks all of it.</summary>
    /// <exception cref="CheckpointException">It is wrong; the message says how.</exception>
    public static SafeTensorsHeader Parse(string path, ReadOnlyMemory<byte> json, long dataLength)
    {
        if (!Utf8.IsValid(json.Span)) throw new CheckpointException(path, "its header is not valid UTF-8; is this a safetensors file?");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            return new Reader(path, dataLength).Read(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new CheckpointException(path, $"its header is no valid JSON: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            // Half a surrogate pair, written as an escape: valid JSON, but no text.
            throw new CheckpointException(path, $"its header holds a name that is no text: {error.Message}", error);
        }
    }

    /// <summary>The bytes of a tensor; null where their number, or the product of the lengths that are not 0, exceeds 64 bits.</summary>
    public static long? ByteCount(ReadOnlySpan<long> shape, int elementBytes)
    {
        long count = elementBytes;
        bool isEmpty = false;
        foreach (long length in shape)
        {
            if (length == 0) isEmpty = true;
            else if (count > long.MaxValue / length) return null;
            else count *= length;
        }
        return isEmpty ? 0 : count;
    }

    private sealed class Reader(string path, long dataLength)
    {
        public SafeTensorsHeader Read(JsonElement root)
        {
            Dictionary<string, string> metadata = [];
            OrderedDictionary<string, TensorEntry> entries = [];
            foreach (var (name, value) in Members(root, "its header"))
            {
                if (name == MetadataKey) metadata = ReadMetadata(value);
                else entries.Add(name, ReadEntry($"tensor '{CheckpointException.Shown(name)}'", value));
            }
            RequireCover(entries);
            return new(metadata, entries);
        }

        private Dictionary<string, string> ReadMetadata(JsonElement value)
        {
            if (value.ValueKind is JsonValueKind.Null) return [];
            return Members(value, MetadataKey).ToDictionary(
                member => member.Key,
                member => member.Value.ValueKind is JsonValueKind.String ? member.Value.GetString()! : throw Bad($"'{CheckpointException.Shown(member.Key)}' in {MetadataKey} is no string"));
        }

        private SafeTensorsEntry ReadEntry(string tensor, JsonElement value)
        {
            var members = Members(value, tensor);
            JsonElement Member(string name) => members.TryGetValue(name, out var member) ? member : throw Bad($"{tensor} lacks '{name}'");

            var dtype = Member("dtype");
            var typeName = dtype.ValueKind is JsonValueKind.String ? dtype.GetString()! : dtype.GetRawText();
            if (!SafeTensors.Types.TryGetValue(typeName, out var type))
            {
                throw Bad($"{tensor} has the unknown dtype '{CheckpointException.Shown(typeName)}'; known are {string.Join(", ", SafeTensors.Types.Keys)}");
            }
            var shape = Integers(Member("shape"), MaxDimensions) ?? throw Bad($"{tensor} has a shape that is no list of at most {MaxDimensions} whole numbers: {CheckpointException.Shown(Member("shape").GetRawText())}");
            if (shape.Any(length => length < 0)) throw Bad($"{tensor} has a negative length in its shape {Text(shape)}");
            long bytes = ByteCount(shape, type.Bytes) ?? throw Bad($"{tensor} has the impossible shape {Text(shape)}");

            if (Integers(Member("data_offsets"), 2) is not [var begin, var end])
            {
                throw Bad($"{tensor} has data_offsets that are not two whole numbers: {CheckpointException.Shown(Member("data_offsets").GetRawText())}");
            }
            if (begin < 0 || end < 0) throw Bad($"{tensor} has a negative offset in [{begin}, {end}]");
            if (end < begin) throw Bad($"{tensor} has its offsets [{begin}, {end}] in reverse");
            if (end > dataLength) throw Bad($"{tensor} lies at [{begin}, {end}], outside the data of {dataLength} bytes; the file is truncated or damaged");
            if (end - begin != bytes) throw Bad($"{tensor} takes {end - begin} bytes, its shape {Text(shape)} of {typeName} needs {bytes}");
            return new(type.DType, shape, begin, end);
        }

        // One after the other without holes, so that no byte is shared or hidden.
        private void RequireCover(OrderedDictionary<string, TensorEntry> entries)
        {
            long covered = 0;
            foreach (var (name, entry) in entries.Select(entry => (entry.Key, Entry: (SafeTensorsEntry)entry.Value)).OrderBy(place => place.Entry.Begin).ThenBy(place => place.Entry.End))
            {
                if (entry.Begin != covered)
                {
                    throw Bad($"tensor '{CheckpointException.Shown(name)}' begins at byte {entry.Begin}, the one before it ends at {covered}: they {(entry.Begin < covered ? "overlap" : "leave a hole")}");
                }
                covered = entry.End;
            }
            if (covered != dataLength) throw Bad($"the tensors end at byte {covered}, the data at {dataLength}");
        }

        private OrderedDictionary<string, JsonElement> Members(JsonElement value, string owner)
        {
            if (value.ValueKind is not JsonValueKind.Object) throw Bad($"{owner} is no JSON object");
            OrderedDictionary<string, JsonElement> members = [];
            foreach (var member in value.EnumerateObject())
            {
                if (!members.TryAdd(member.Name, member.Value)) throw Bad($"{owner} has '{CheckpointException.Shown(member.Name)}' twice");
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
}
