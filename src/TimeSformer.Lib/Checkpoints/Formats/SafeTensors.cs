using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>Writes safetensors files; <see cref="SafeTensorsFile"/> reads them.</summary>
public static class SafeTensors
{
    private static readonly UTF8Encoding strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

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
        TensorFile.WriteWhole(path, header.Length + places.Sum(place => place.End - place.Begin), stream =>
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
            place.End = offset += place.Tensor.numel() * place.Tensor.ElementSize;
        }
        return places;
    }

    private static byte[] Header(List<Placed> places, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(new byte[sizeof(long)]);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(SafeTensorsHeader.MetadataKey);
                foreach (var (key, text) in metadata) writer.WriteString(RequireText(key), RequireText(text));
                writer.WriteEndObject();
            }
            foreach (var place in places)
            {
                writer.WriteStartObject(place.Name);
                writer.WriteString("dtype", place.DType);
                WriteNumbers("shape", place.Tensor.shape);
                WriteNumbers("data_offsets", [place.Begin, place.End]);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();

            void WriteNumbers(string name, long[] numbers)
            {
                writer.WriteStartArray(name);
                foreach (long number in numbers) writer.WriteNumberValue(number);
                writer.WriteEndArray();
            }
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        var header = buffer.ToArray();
        long jsonLength = header.Length - sizeof(long);
        const long most = SafeTensorsFile.MaxHeaderBytes;
        if (jsonLength > most) throw new ArgumentException($"names and metadata take {jsonLength} bytes; the header may have {most}");
        BinaryPrimitives.WriteInt64LittleEndian(header, jsonLength);
        return header;
    }

    // Half a surrogate pair would be written as a replacement character, and two such names as the same one.
    private static string RequireText(string text)
    {
        try
        {
            _ = strictUtf8.GetByteCount(text);
            return text;
        }
        catch (EncoderFallbackException)
        {
            throw new ArgumentException($"'{text}' is not valid Unicode");
        }
    }

    private sealed record Placed(string Name, string DType, Tensor Tensor)
    {
        public long Begin { get; set; }

        public long End { get; set; }
    }
}
