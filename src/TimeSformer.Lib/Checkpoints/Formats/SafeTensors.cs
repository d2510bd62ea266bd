using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>Writes safetensors files; <see cref="SafeTensorsFile"/> reads them.</summary>
public static class SafeTensors
{
    private static readonly JsonSerializerOptions relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The element types of the format by their names in it.</summary>
    internal static IReadOnlyDictionary<string, ScalarType> Types { get; } = new OrderedDictionary<string, ScalarType>
    {
        ["F64"] = ScalarType.Float64, ["F32"] = ScalarType.Float32, ["F16"] = ScalarType.Float16, ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64, ["I32"] = ScalarType.Int32, ["I16"] = ScalarType.Int16, ["I8"] = ScalarType.Int8,
        ["U8"] = ScalarType.Byte, ["BOOL"] = ScalarType.Bool,
    };

    /// <summary>
    /// Writes tensors under their names; the header lists them in the given order. The file appears under its name only once it is complete
    /// and on disk; until then an earlier file of that name stays. Tensors on a GPU, or not contiguous, are copied one at a time.
    /// </summary>
    /// <exception cref="ArgumentException">A name is duplicated or not valid Unicode, or the format cannot store a tensor.</exception>
    /// <exception cref="IOException">The file could not be written; an earlier one is untouched.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var places = Place(tensors);
        var header = Header(places, metadata);
        TensorFile.WriteWhole(path, header.Length + places.Sum(place => place.Bytes), stream =>
        {
            stream.Write(header);
            foreach (var place in places.OrderBy(place => place.Begin)) TensorFile.WriteData(stream, place.Tensor);
        });
    }

    // Wide elements first, as in the original implementation: the data begins at a multiple of 8, so every tensor is aligned.
    private static List<Placed> Place(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var names = new HashSet<string> { SafeTensorsHeader.MetadataKey };
        var places = new List<Placed>();
        foreach (var (name, tensor) in tensors)
        {
            if (!names.Add(RequireText(name))) throw new ArgumentException($"the tensor name '{name}' is duplicated or reserved");
            if (tensor.is_sparse || tensor.is_meta) throw new ArgumentException($"tensor '{name}' is sparse or a meta tensor");
            var dtype = Types.FirstOrDefault(type => type.Value == tensor.dtype).Key
                ?? throw new ArgumentException($"tensor '{name}' has dtype {tensor.dtype}; a safetensors file cannot store it");
            places.Add(new(name, dtype, tensor));
        }
        long offset = 0;
        foreach (var place in places.OrderByDescending(place => place.Tensor.ElementSize))
        {
            place.Begin = offset;
            offset += place.Bytes;
        }
        return places;
    }

    private static byte[] Header(List<Placed> places, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new JsonObject();
        if (metadata is { Count: > 0 })
        {
            header[SafeTensorsHeader.MetadataKey] = new JsonObject(metadata.Select(
                item => KeyValuePair.Create(RequireText(item.Key), (JsonNode?)RequireText(item.Value))));
        }
        foreach (var place in places)
        {
            header[place.Name] = new JsonObject
            {
                ["dtype"] = place.DType,
                ["shape"] = new JsonArray([.. place.Tensor.shape.Select(length => (JsonNode?)length)]),
                ["data_offsets"] = new JsonArray(place.Begin, place.Begin + place.Bytes),
            };
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header, relaxed);
        int length = (json.Length + 7) / 8 * 8;
        const long most = SafeTensorsFile.MaxHeaderBytes;
        if (length > most) throw new ArgumentException($"names and metadata take {length} bytes; the header may have {most}");
        var bytes = new byte[SafeTensorsFile.PrefixBytes + length];
        bytes.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        json.CopyTo(bytes, SafeTensorsFile.PrefixBytes);
        return bytes;
    }

    // Half a surrogate pair would be written as a replacement character, and two such names as the same one.
    private static string RequireText(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text
        ? text
        : throw new ArgumentException($"'{text}' is not valid Unicode");

    private sealed record Placed(string Name, string DType, Tensor Tensor)
    {
        public long Bytes { get; } = Tensor.numel() * Tensor.ElementSize;

        public long Begin { get; set; }
    }
}
