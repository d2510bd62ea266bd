using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>Writes safetensors files; <see cref="SafeTensorsFile"/> reads them.</summary>
public static class SafeTensors
{
    // bytes is a Span<byte>, which holds 2 GiB at most.
    private const long PartBytes = 1 << 30;

    private static readonly UTF8Encoding strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static IReadOnlyDictionary<string, (ScalarType DType, int Bytes)> Types { get; } = new OrderedDictionary<string, (ScalarType, int)>
    {
        ["F64"] = (ScalarType.Float64, 8),
        ["F32"] = (ScalarType.Float32, 4),
        ["F16"] = (ScalarType.Float16, 2),
        ["BF16"] = (ScalarType.BFloat16, 2),
        ["I64"] = (ScalarType.Int64, 8),
        ["I32"] = (ScalarType.Int32, 4),
        ["I16"] = (ScalarType.Int16, 2),
        ["I8"] = (ScalarType.Int8, 1),
        ["U8"] = (ScalarType.Byte, 1),
        ["BOOL"] = (ScalarType.Bool, 1),
    };

    /// <summary>Bytes of an element of a type that files hold.</summary>
    internal static int ElementBytes(ScalarType type) => Types.Values.First(known => known.DType == type).Bytes;

    /// <summary>
    /// Writes tensors under their names; the header lists them in the given order. The file appears under its name only when it is whole and
    /// on the disk; an earlier file of that name stays until then. Tensors on a GPU, or not contiguous, are copied one at a time.
    /// </summary>
    /// <exception cref="ArgumentException">A name appears twice or is no text, or a tensor has no place in the format.</exception>
    /// <exception cref="IOException">The file could not be written; an earlier one is untouched.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var places = Place([.. tensors]);
        var header = Header(places, metadata);
        // A name of its own: whoever writes the same file at the same time has another.
        var partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                // A full disk is noticed at once.
                PreallocationSize = header.Length + places.Sum(place => place.End - place.Begin),
            };
            using (var stream = new FileStream(partial, options))
            {
                stream.Write(header);
                foreach (var place in places.OrderBy(place => place.Begin)) WriteData(stream, place.Tensor);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>A contiguous CPU tensor as pieces whose bytes fit a span, with their offsets in bytes. The caller disposes the pieces.</summary>
    internal static IEnumerable<(Tensor Part, long Offset)> Parts(Tensor tensor)
    {
        using var flat = tensor.view(-1);
        long count = flat.numel(), step = PartBytes / tensor.ElementSize;
        for (long start = 0; start < count; start += step)
        {
            yield return (flat.narrow(0, start, Math.Min(step, count - start)), start * tensor.ElementSize);
        }
    }

    // Wide elements first, as the original implementation does: with data that begins at a multiple of 8, every tensor is aligned.
    private static List<Placed> Place(List<KeyValuePair<string, Tensor>> tensors)
    {
        var names = new HashSet<string> { SafeTensorsHeader.MetadataKey };
        var places = new List<Placed>();
        foreach (var (name, tensor) in tensors)
        {
            if (!names.Add(RequireText(name))) throw new ArgumentException($"the tensor name '{name}' appears twice or is reserved");
            if (tensor.is_sparse || tensor.is_meta) throw new ArgumentException($"tensor '{name}' is sparse or has no data: it has no place in a safetensors file");
            places.Add(new(name, NameOf(name, tensor.dtype), tensor));
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
                writer.WriteStartArray("shape");
                foreach (long length in place.Tensor.shape) writer.WriteNumberValue(length);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(place.Begin);
                writer.WriteNumberValue(place.End);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        var header = buffer.ToArray();
        long jsonLength = header.Length - sizeof(long);
        if (jsonLength > SafeTensorsFile.MaxHeaderBytes) throw new ArgumentException($"names and metadata take {jsonLength} bytes, more than the {SafeTensorsFile.MaxHeaderBytes} that a safetensors file may have");
        BinaryPrimitives.WriteInt64LittleEndian(header, jsonLength);
        return header;
    }

    private static string NameOf(string tensor, ScalarType type)
    {
        foreach (var (name, (known, _)) in Types)
        {
            if (known == type) return name;
        }
        throw new ArgumentException($"tensor '{tensor}' of {type} has no place in a safetensors file");
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
            throw new ArgumentException($"'{text}' is no valid Unicode text");
        }
    }

    internal static void WriteData(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        foreach (var (part, _) in Parts(tensor.detach().cpu().contiguous()))
        {
            using (part) stream.Write(part.bytes);
        }
    }

    private sealed record Placed(string Name, string DType, Tensor Tensor)
    {
        public long Begin { get; set; }

        public long End { get; set; }
    }
}
