using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace TimeSformer.Checkpoints.Pickle;

/// <summary>
/// Reads a pickle as data. It builds null, bool, long, <see cref="BigInteger"/>, double, string, byte[], tuples (object?[]),
/// <see cref="List{T}"/>, dictionaries with text keys (a number becomes its digits) and <see cref="StoredTensor"/>, and nothing else: names
/// are looked up in a white list (<see cref="PickleGlobal"/>), no callable is ever run, and an opcode that a state dict does not need ends
/// the reading. What a pickle can make is bounded by its length and by <see cref="MaxObjects"/>.
/// </summary>
internal sealed class Unpickler(ReadOnlyMemory<byte> pickle)
{
    /// <summary>More values than this are no checkpoint's.</summary>
    public const int MaxObjects = 2_000_000;

    private static readonly UTF8Encoding strictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];
    private readonly OrderedDictionary<string, TorchStorage> storages = [];
    private int position;
    private int start;
    private int objects;

    /// <summary>The storages that the pickles read so far named, in the order in which they did.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => storages;

    /// <summary>The first byte that is not read yet.</summary>
    public int Position => position;

    /// <summary>Reads one pickle, from <see cref="Position"/> to its end.</summary>
    /// <exception cref="PickleException">It is damaged or asks for something else than data.</exception>
    public object? Load()
    {
        stack.Clear();
        marks.Clear();
        memo.Clear();
        while (true)
        {
            start = position;
            byte opcode = Take(1)[0];
            if (opcode == '.') return Pop();
            Execute(opcode);
        }
    }

    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: Require(Take(1)[0] <= 5, "it has an unknown protocol"); break;
            case 0x95: Take(8); break;                                                      // FRAME: its length says nothing that we need
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'K': Push((long)Take(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case 0x8a: Push(Integer(Take(Take(1)[0]))); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case (byte)'X': Push(Text(Take(Length32()))); break;
            case 0x8c: Push(Text(Take(Take(1)[0]))); break;
            case (byte)'U': Push(Encoding.Latin1.GetString(Take(Take(1)[0]))); break;
            case (byte)'T': Push(Encoding.Latin1.GetString(Take(Length32()))); break;
            case (byte)'C': Push(Take(Take(1)[0]).ToArray()); break;
            case (byte)'B': Push(Take(Length32()).ToArray()); break;
            case (byte)'(': marks.Push(stack.Count); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case (byte)'t': Push(PopToMark()); break;
            case 0x85: Push(PopMany(1)); break;
            case 0x86: Push(PopMany(2)); break;
            case 0x87: Push(PopMany(3)); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'}': Push(new OrderedDictionary<string, object?>()); break;
            case (byte)'s': SetItems(PopMany(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'q': Remember(Take(1)[0]); break;
            case (byte)'r': Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case 0x94: Remember((uint)memo.Count); break;
            case (byte)'h': PushMemo(Take(1)[0]); break;
            case (byte)'j': PushMemo(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case (byte)'0': Pop(); break;
            case (byte)'c': PushGlobal(Line(), Line()); break;
            case 0x93: PushStackGlobal(); break;
            case (byte)'Q': Push(Storage(Pop() as object?[])); break;
            case (byte)'R' or 0x81: Push(Build(PopMany(2))); break;
            case (byte)'b': IgnoreState(); break;
            default: throw Bad($"there is the opcode 0x{opcode:x2}, which no state dict needs");
        }
    }

    // A dictionary's attributes (an OrderedDict's _metadata, the fields of settings) are of no use to us.
    private void IgnoreState()
    {
        Pop();
        Require(Top() is OrderedDictionary<string, object?>, "it gives a state to something that has none");
    }

    private object? Build(object?[] call)
    {
        if (call[1] is not object?[] arguments) throw Bad("it passes arguments that are no tuple");
        switch (call[0])
        {
            case PickleGlobal.Dictionary:
                var made = new OrderedDictionary<string, object?>();
                if (arguments is []) return made;
                if (arguments is not [List<object?> pairs]) throw Bad("it makes a dictionary of something else than a list of pairs");
                foreach (var item in pairs)
                {
                    if (item is not object?[] { Length: 2 } pair) throw Bad("it makes a dictionary of something else than pairs");
                    made[Key(pair[0])] = pair[1];
                }
                return made;
            case PickleGlobal.RebuildTensor when arguments is [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..]:
                var (lengths, steps) = (Integers(shape), Integers(strides));
                if (StoredTensor.Check(storage, offset, lengths, steps) is { } wrong) throw Bad(wrong);
                return new StoredTensor(storage, offset, lengths, steps);
            case PickleGlobal.RebuildParameter when arguments is [StoredTensor tensor, ..]:
                return tensor;
            case PickleGlobal.Wrapper when arguments is [var only, ..]:
                return only;
            case PickleGlobal.Latin1Bytes when arguments is [string text, ..] && text.All(letter => letter <= 0xff):
                return Encoding.Latin1.GetBytes(text);
            case PickleGlobal:
                throw Bad("it passes the wrong arguments to a part of PyTorch");
            default:
                throw Bad("it calls something that is no part of PyTorch");
        }
    }

    // ('storage', type, key, location, elements) and in legacy files a view's description, always None since PyTorch 0.4.
    private TorchStorage Storage(object?[]? id)
    {
        if (id is not ["storage", PickleGlobal.StorageType type, string key, string, long elements, ..] || id.Length > 6 || id is [.., not null] and { Length: 6 })
        {
            throw Bad("it refers to something that is no storage");
        }
        var storage = new TorchStorage(key, type.DType, elements);
        if (elements < 0 || storage.Bytes is null) throw Bad($"storage '{CheckpointException.Shown(key)}' has an impossible length of {elements}");
        if (!storages.TryAdd(key, storage) && storages[key] != storage) throw Bad($"storage '{CheckpointException.Shown(key)}' is described in two ways");
        return storage;
    }

    private void PushStackGlobal()
    {
        if (PopMany(2) is not [string module, string name]) throw Bad("it asks for something without a name");
        PushGlobal(module, name);
    }

    private void PushGlobal(string module, string name) => Push(PickleGlobal.Find(module, name) ?? throw Bad(
        $"it asks for {CheckpointException.Shown($"{module}.{name}")}, which a checkpoint has no need of: the file is refused, and nothing in it was run"));

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list) throw Bad("it appends to something that is no list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not OrderedDictionary<string, object?> dictionary) throw Bad("it sets items of something that is no dictionary");
        Require(items.Length % 2 == 0, "it sets a key without a value");
        for (int i = 0; i < items.Length; i += 2) dictionary[Key(items[i])] = items[i + 1];
    }

    private string Key(object? key) => key switch
    {
        string text => text,
        long or bool => $"{key}",
        _ => throw Bad("a dictionary has a key that is neither text nor a number"),
    };

    private long[] Integers(object?[] tuple) => Array.ConvertAll(tuple, value => value is long number ? number : throw Bad("a tensor has a length that is no whole number"));

    private static object Integer(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        <= 8 => (object)(long)new BigInteger(bytes),
        _ => new BigInteger(bytes),
    };

    private string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return strictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Bad("there is text that is not UTF-8");
        }
    }

    private string Line()
    {
        int length = pickle.Span[position..].IndexOf((byte)'\n');
        Require(length >= 0, "a name has no end");
        var line = Text(Take(length));
        Take(1);
        return line;
    }

    private int Length32()
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        Require(length <= int.MaxValue, "a text is longer than the file");
        return (int)length;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > pickle.Length - position) throw Bad("it ends early: the file is truncated or damaged");
        position += count;
        return pickle.Span.Slice(position - count, count);
    }

    private void Push(object? value)
    {
        if (++objects > MaxObjects) throw Bad($"there are more than {MaxObjects} values");
        stack.Add(value);
    }

    private void Remember(uint index)
    {
        memo[index] = Top();
        if (memo.Count > MaxObjects) throw Bad($"it remembers more than {MaxObjects} values");
    }

    private void PushMemo(uint index) => Push(memo.TryGetValue(index, out var value) ? value : throw Bad("it recalls what it did not remember"));

    private object? Top() => stack.Count > Floor ? stack[^1] : throw Bad("its stack is empty");

    private object? Pop()
    {
        var value = Top();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        Require(stack.Count - Floor >= count, "its stack is empty");
        var values = stack.GetRange(stack.Count - count, count).ToArray();
        stack.RemoveRange(stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        Require(marks.Count > 0, "a mark is missing");
        var values = PopMany(stack.Count - Floor);
        marks.Pop();
        return values;
    }

    // What lies below the last mark waits for the mark to go.
    private int Floor => marks.TryPeek(out int mark) ? mark : 0;

    private void Require(bool holds, string otherwise)
    {
        if (!holds) throw Bad(otherwise);
    }

    private PickleException Bad(string cause) => new(start, cause);
}
