using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>Writes files in PyTorch's zip format, which torch.load and <see cref="TorchFile"/> read.</summary>
public static class TorchWriter
{
    private const string Folder = "archive";

    // A fixed time, so that equal content makes equal files.
    private static readonly DateTimeOffset epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Writes a dictionary of values: null, bool, long, double, string, tuples (object?[]), lists, dictionaries with string keys, and
    /// tensors, each with its own storage. The file appears under its name only once it is complete; until then an earlier one stays.
    /// </summary>
    /// <exception cref="ArgumentException">It contains something else, or a tensor of a type for which PyTorch has no storage.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, object?> root)
    {
        List<Tensor> storages = [];
        var pickle = Pickler.Write(Stored(root, storages));
        TensorFile.WriteWhole(path, length: 0, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            Add(zip, "data.pkl", target => target.Write(pickle));
            Add(zip, "byteorder", target => target.Write("little"u8));
            for (int i = 0; i < storages.Count; i++) Add(zip, $"data/{i}", target => TensorFile.WriteData(target, storages[i]));
            Add(zip, "version", target => target.Write("3\n"u8));
        });
    }

    // The same values, with a view of a storage in place of each tensor.
    private static object? Stored(object? value, List<Tensor> storages)
    {
        switch (value)
        {
            case Tensor tensor:
                storages.Add(tensor);
                var (shape, strides) = (tensor.shape, new long[tensor.shape.Length]);
                for (long axis = shape.Length - 1, step = 1; axis >= 0; step *= Math.Max(shape[axis], 1), axis--) strides[axis] = step;
                return new StoredTensor(new TorchStorage($"{storages.Count - 1}", tensor.dtype, tensor.numel()), 0, shape, strides);
            case object?[] tuple: return Array.ConvertAll(tuple, item => Stored(item, storages));
            case IEnumerable<KeyValuePair<string, object?>> dictionary:
                return dictionary.Select(item => KeyValuePair.Create(item.Key, Stored(item.Value, storages))).ToList();
            case IEnumerable<object?> list: return list.Select(item => Stored(item, storages)).ToList();
            default: return value;
        }
    }

    private static void Add(ZipArchive zip, string name, Action<Stream> write)
    {
        var entry = zip.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression);
        entry.LastWriteTime = epoch;
        using var stream = entry.Open();
        write(stream);
    }
}

/// <summary>
/// Writes a value as a pickle of protocol 2, which torch.load reads: null, bool, long, double, string, tuples (object?[]), lists,
/// dictionaries with string keys, and <see cref="StoredTensor"/> as a view of a storage.
/// </summary>
internal sealed class Pickler
{
    private readonly List<byte> output = [];

    /// <summary>The pickle of a value.</summary>
    /// <exception cref="ArgumentException">The value contains something else.</exception>
    public static byte[] Write(object? value)
    {
        var pickler = new Pickler();
        pickler.output.AddRange([0x80, 2]);
        pickler.Value(value);
        pickler.output.Add((byte)'.');
        return [.. pickler.output];
    }

    private void Value(object? value)
    {
        switch (value)
        {
            case null: Opcode('N'); break;
            case bool truth: output.Add(truth ? (byte)0x88 : (byte)0x89); break;
            case long number: Integer(number); break;
            case double number: Real(number); break;
            case string text: Text(text); break;
            case object?[] tuple: Marked(tuple, 't'); break;
            case StoredTensor tensor: Tensor(tensor); break;
            case IEnumerable<KeyValuePair<string, object?>> dictionary:
                Opcode('}');
                Marked(dictionary.SelectMany(item => new[] { item.Key, item.Value }), 'u');
                break;
            case IEnumerable<object?> list:
                Opcode(']');
                Marked(list, 'e');
                break;
            default: throw new ArgumentException($"a PyTorch file cannot store a {value.GetType().Name}");
        }
    }

    // torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)
    private void Tensor(StoredTensor tensor)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Opcode('(');
        Opcode('(');
        Text("storage");
        Global("torch", PickleGlobal.StorageName(tensor.Storage.DType));
        Text(tensor.Storage.Key);
        Text("cpu");
        Integer(tensor.Storage.Elements);
        Opcode('t');
        Opcode('Q');
        Integer(tensor.Offset);
        Value(tensor.Shape.Cast<object?>().ToArray());
        Value(tensor.Strides.Cast<object?>().ToArray());
        Value(false);
        Global("collections", "OrderedDict");
        Opcode(')');
        Opcode('R');
        Opcode('t');
        Opcode('R');
    }

    private void Marked(IEnumerable<object?> values, char opcode)
    {
        Opcode('(');
        foreach (var value in values) Value(value);
        Opcode(opcode);
    }

    private void Integer(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        if (number is >= int.MinValue and <= int.MaxValue)
        {
            Opcode('J');
            output.AddRange(bytes[..4]);
        }
        else
        {
            output.AddRange([0x8a, 8]);
            output.AddRange(bytes);
        }
    }

    private void Real(double number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
        Opcode('G');
        output.AddRange(bytes);
    }

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        Opcode('X');
        output.AddRange(length);
        output.AddRange(bytes);
    }

    private void Global(string module, string name)
    {
        Opcode('c');
        output.AddRange(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));
    }

    private void Opcode(char opcode) => output.Add((byte)opcode);
}
