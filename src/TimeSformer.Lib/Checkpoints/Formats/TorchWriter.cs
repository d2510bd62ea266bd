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

/// <summary>Writes what <see cref="TorchWriter"/> stores, with <see cref="StoredTensor"/>, as a pickle of protocol 2.</summary>
internal sealed class Pickler(BinaryWriter output)
{
    /// <summary>The pickle of a value.</summary>
    /// <exception cref="ArgumentException">The value contains something else.</exception>
    public static byte[] Write(object? value)
    {
        using var buffer = new MemoryStream();
        using var output = new BinaryWriter(buffer, Encoding.Latin1); // writes each opcode, a character, as one byte
        var pickler = new Pickler(output);
        pickler.Opcodes("\u0080\u0002");
        pickler.Value(value);
        pickler.Opcodes(".");
        return buffer.ToArray();
    }

    private void Value(object? value)
    {
        switch (value)
        {
            case null: Opcodes("N"); break;
            case bool truth: Opcodes(truth ? "\u0088" : "\u0089"); break;
            case long number: Integer(number); break;
            case double number: Real(number); break;
            case string text: Text(text); break;
            case object?[] tuple: Marked(tuple, "t"); break;
            case StoredTensor tensor: Tensor(tensor); break;
            case IEnumerable<KeyValuePair<string, object?>> dictionary:
                Opcodes("}");
                Marked(dictionary.SelectMany(item => new[] { item.Key, item.Value }), "u");
                break;
            case IEnumerable<object?> list:
                Opcodes("]");
                Marked(list, "e");
                break;
            default: throw new ArgumentException($"a PyTorch file cannot store a {value.GetType().Name}");
        }
    }

    // torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)
    private void Tensor(StoredTensor tensor)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Opcodes("((");
        Text("storage");
        Global("torch", PickleGlobal.StorageName(tensor.Storage.DType));
        Text(tensor.Storage.Key);
        Text("cpu");
        Integer(tensor.Storage.Elements);
        Opcodes("tQ");
        Integer(tensor.Offset);
        Value(tensor.Shape.Cast<object?>().ToArray());
        Value(tensor.Strides.Cast<object?>().ToArray());
        Value(false);
        Global("collections", "OrderedDict");
        Opcodes(")RtR");
    }

    private void Marked(IEnumerable<object?> values, string opcode)
    {
        Opcodes("(");
        foreach (var value in values) Value(value);
        Opcodes(opcode);
    }

    private void Integer(long number)
    {
        bool isShort = number is >= int.MinValue and <= int.MaxValue;
        Opcodes(isShort ? "J" : "\u008a\u0008");
        if (isShort) output.Write((int)number);
        else output.Write(number);
    }

    private void Real(double number)
    {
        Opcodes("G");
        output.Write(BinaryPrimitives.ReverseEndianness(BitConverter.DoubleToInt64Bits(number)));
    }

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Opcodes("X");
        output.Write(bytes.Length);
        output.Write(bytes);
    }

    private void Global(string module, string name) => output.Write(Encoding.UTF8.GetBytes($"c{module}\n{name}\n"));

    private void Opcodes(string codes) => output.Write(codes.AsSpan());
}
