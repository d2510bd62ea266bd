using System.Buffers.Binary;
using System.Text;

namespace TimeSformer.Checkpoints.Pickle;

/// <summary>
/// Writes a value as a pickle that torch.load understands, protocol 2: null, bool, long, double, string, tuples (object?[]), lists,
/// dictionaries with text keys, and <see cref="StoredTensor"/> as a view of a storage.
/// </summary>
internal sealed class Pickler
{
    private readonly List<byte> output = [];

    /// <summary>The pickle of a value.</summary>
    /// <exception cref="ArgumentException">It holds something else.</exception>
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
            default: throw new ArgumentException($"a {value.GetType().Name} has no place in a PyTorch file");
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
