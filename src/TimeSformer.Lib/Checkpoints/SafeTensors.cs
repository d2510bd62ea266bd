using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>Writes safetensors files; <see cref="SafeTensorsFile"/> reads them.</summary>
public static class SafeTensors
{
    // bytes is a Span<byte>, which holds 2 GiB at most.
    private const long PartBytes = 1 << 30;

    internal static IReadOnlyDictionary<string, (ScalarType DType, int Bytes)> Types { get; } = new Dictionary<string, (ScalarType, int)>
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

    /// <summary>
    /// Writes tensors under their names, in the given order. The file appears under its name only when it is whole and on the disk; an
    /// earlier file of that name stays until then.
    /// </summary>
    /// <exception cref="ArgumentException">A name appears twice, or a type has no place in the format.</exception>
    /// <exception cref="IOException">The file could not be written; an earlier one is untouched.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var all = tensors.ToList();
        var header = Header(all, metadata);
        var partial = path + ".partial";
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write))
            {
                stream.Write(header);
                foreach (var (_, tensor) in all) WriteData(stream, tensor);
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

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, text) in metadata) writer.WriteString(key, text);
                writer.WriteEndObject();
            }
            var names = new HashSet<string> { "__metadata__" };
            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                if (!names.Add(name)) throw new ArgumentException($"the tensor name '{name}' appears twice or is reserved");
                long end = offset + (tensor.numel() * tensor.ElementSize);
                writer.WriteStartObject(name);
                writer.WriteString("dtype", NameOf(name, tensor.dtype));
                writer.WriteStartArray("shape");
                foreach (long length in tensor.shape) writer.WriteNumberValue(length);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(end);
                writer.WriteEndArray();
                writer.WriteEndObject();
                offset = end;
            }
            writer.WriteEndObject();
        }
        // Spaces after the JSON keep the data aligned to 8 bytes.
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        var header = new byte[8 + buffer.Length];
        BinaryPrimitives.WriteInt64LittleEndian(header, buffer.Length);
        buffer.ToArray().CopyTo(header, 8);
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

    private static void WriteData(FileStream stream, Tensor tensor)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (part, _) in Parts(tensor.detach().cpu().contiguous()))
        {
            using (part) stream.Write(part.bytes);
        }
    }
}
