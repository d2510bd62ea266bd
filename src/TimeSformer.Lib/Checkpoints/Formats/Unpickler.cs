using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>
/// Reads a pickle as data. It builds null, bool, long, <see cref="BigInteger"/>, double, string, byte[], tuples (object?[]),
/// <see cref="List{T}"/>, dictionaries with string keys (numbers become their digits) and <see cref="StoredTensor"/>; objects of other
/// kinds become a <see cref="PickleOpaque"/>, which holds no more than their type's name. Nothing is ever imported or called:
/// <see cref="PickleGlobal"/> says what a name stands for, and what can only be there to run code is refused, as is an opcode that no
/// checkpoint needs. A pickle's length and <see cref="MaxObjects"/> bound what it can build.
/// </summary>
/// <param name="withArrays">
/// Whether NumPy's arrays become <see cref="PickleArray"/>, and long strings of bytes <see cref="PickleRange"/>.
/// </param>
internal sealed class Unpickler(ReadOnlyMemory<byte> pickle, bool withArrays = false)
{
    /// <summary>The most values a pickle may build; no checkpoint needs as many.</summary>
    public const int MaxObjects = 2_000_000;

    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];
    private readonly OrderedDictionary<string, TorchStorage> storages = [];
    private readonly Dictionary<object, string> emptied = new(ReferenceEqualityComparer.Instance);
    private int position, start, objects;
    private long encoded;

    /// <summary>The storages named by the pickles read so far, in order of appearance.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => storages;

    /// <summary>The objects read so far whose content was passed over though they are dictionaries here, with their types' names.</summary>
    public IReadOnlyDictionary<object, string> Emptied => emptied;

    /// <summary>The next byte to read.</summary>
    public int Position => position;

    /// <summary>Reads one pickle, from <see cref="Position"/> to its end.</summary>
    /// <exception cref="InvalidDataException">The pickle is damaged or asks for more than data.</exception>
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
            case 0x95: Take(8); break;                                                      // FRAME: its length is not needed
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'K': Push((long)Take(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case 0x8a: Push(Integer(Take(Take(1)[0]))); break;
            case 0x8b: Push(Integer(Take(Length32()))); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case (byte)'X': Push(Text(Take(Length32()))); break;
            case 0x8d: Push(Text(Take(Length64()))); break;
            case 0x8c: Push(Text(Take(Take(1)[0]))); break;
            case (byte)'U': Push(Encoding.Latin1.GetString(Take(Take(1)[0]))); break;
            case (byte)'T': Push(Bytes(Length32(), asText: true)); break;
            case (byte)'C': Push(Take(Take(1)[0]).ToArray()); break;
            case (byte)'B': Push(Bytes(Length32(), asText: false)); break;
            case 0x8e or 0x96: Push(Bytes(Length64(), asText: false)); break;                   // bytes and bytearray
            case (byte)'(': marks.Push(stack.Count); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case (byte)'t': Push(PopToMark()); break;
            case 0x85: Push(PopMany(1)); break;
            case 0x86: Push(PopMany(2)); break;
            case 0x87: Push(PopMany(3)); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case 0x8f: Push(new PickleOpaque("set")); break;
            case 0x90: Append(PopToMark()); break;
            case 0x91: PopToMark(); Push(new PickleOpaque("frozenset")); break;
            case (byte)'}': Push(new OrderedDictionary<string, object?>()); break;
            case (byte)'s': SetItems(PopMany(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'q': Remember(Take(1)[0]); break;
            case (byte)'r': Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case 0x94: Remember((uint)memo.Count); break;
            case (byte)'h': PushMemo(Take(1)[0]); break;
            case (byte)'j': PushMemo(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case (byte)'0': Pop(); break;
            case (byte)'c': PushGlobal([Line(), Line()]); break;
            case 0x93: PushGlobal(PopMany(2)); break;
            case (byte)'Q': Push(Storage(Pop() as object?[])); break;
            case (byte)'R': Push(Build(PopMany(2), called: true)); break;
            case 0x81: Push(Build(PopMany(2), called: false)); break;                       // a new object of a class
            case 0x92: Push(Build(PopMany(3), called: false)); break;                       // the same, with named arguments
            case (byte)'b': SetState(); break;
            default: throw Bad($"there is opcode 0x{opcode:x2}, which no state dict needs");
        }
    }

    // A dictionary's attributes (an OrderedDict's _metadata, the fields of settings) are not needed.
    private void SetState()
    {
        var state = Pop();
        var wrong = Top() switch
        {
            PickleArray array => array.Set(state),
            PickleDType type => type.Set(state),
            OrderedDictionary<string, object?> or PickleOpaque => null,
            _ => "it sets the state of something that has none",
        };
        if (wrong is not null) throw Bad(wrong);
    }

    // A call of a function or a class (`called`), or a new object of a class, which runs no code of the class's own.
    private object? Build(object?[] call, bool called)
    {
        if (call[1] is not object?[] arguments) throw Bad("it passes arguments that are not a tuple");
        switch (call[0])
        {
            case PickleGlobal { Kind: PickleKind.Dictionary }:
                var made = new OrderedDictionary<string, object?>();
                if (call[0] is PickleGlobal { Name: PickleGlobal.Namespace }) emptied[made] = PickleGlobal.Namespace;
                if (arguments is []) return made;
                if (arguments is not [List<object?> pairs]) throw Bad("it builds a dictionary from something other than a list of pairs");
                Count(pairs.Count);
                foreach (var item in pairs)
                {
                    if (item is not object?[] { Length: 2 } pair) throw Bad("it builds a dictionary from something other than pairs");
                    made[Key(pair[0])] = pair[1];
                }
                return made;
            case PickleGlobal { Kind: PickleKind.Tensor }
                when arguments is [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..]:
                var (lengths, steps) = (Integers(shape), Integers(strides));
                if (StoredTensor.Check(storage, offset, lengths, steps) is { } wrong) throw Bad(wrong);
                return new StoredTensor(storage, offset, lengths, steps);
            case PickleGlobal { Kind: PickleKind.Parameter } when arguments is [StoredTensor tensor, ..]:
                return tensor;
            case PickleGlobal { Kind: PickleKind.Wrapper } when arguments is [var only, ..]:
                return only;
            case PickleGlobal { Kind: PickleKind.Latin1Bytes } when arguments is [string text, ..] && text.All(letter => letter <= 0xff):
                encoded += text.Length;
                Require(encoded <= pickle.Length, "it encodes more text than it has");
                return Encoding.Latin1.GetBytes(text);
            case PickleGlobal { Kind: PickleKind.Opaque } global when withArrays && PickleArray.Make(global, arguments) is { } part:
                return part;
            case PickleGlobal { Kind: PickleKind.Opaque } global:
                return new PickleOpaque(arguments is [PickleGlobal type, ..] && global.Makes ? type.Name : global.Name);
            case PickleGlobal { Kind: PickleKind.Other } other:
                if (!called) return new PickleOpaque(other.Name);
                throw Refusal(other.Name, other.Start, "; if its author is known, ask for the weights alone (the model's state_dict)");
            case PickleGlobal:
                throw Bad("it passes the wrong arguments to a part of PyTorch");
            default:
                throw Bad("it calls something that is not part of PyTorch");
        }
    }

    // ('storage', type, key, location, elements), in legacy files followed by a view's description, always None since PyTorch 0.4.
    private TorchStorage Storage(object?[]? id)
    {
        if (id is ["storage", PickleGlobal { Kind: not PickleKind.StorageType } unknown, ..])
        {
            throw Bad($"it has a tensor of type {unknown.Name.Shorten()}, which cannot be read");
        }
        if (id is not ["storage", PickleGlobal { Kind: PickleKind.StorageType, DType: var type }, string key, string, long elements, ..]
            || id.Length > 6 || id is { Length: 6 } and [.., not null])
        {
            throw Bad("it refers to something that is not a storage");
        }
        var storage = new TorchStorage(key, type, elements);
        if (elements < 0 || storage.Bytes is null) throw Bad($"{storage} has an impossible length of {elements}");
        if (!storages.TryAdd(key, storage) && storages[key] != storage) throw Bad($"{storage} is described in two ways");
        return storage;
    }

    private void PushGlobal(object?[] path)
    {
        if (path is not [string module, string name]) throw Bad("it asks for something without a name");
        var full = $"{module}.{name}";
        Push(PickleGlobal.Find(full) ?? (PickleGlobal.RunsCode(full) ? throw Refusal(full, start) : new(PickleKind.Other, full, start)));
    }

    private static InvalidDataException Refusal(string name, int start, string advice = "") => new(
        $"at byte {start} of its pickle, it asks for {name.Shorten()}, which no checkpoint needs; the file is refused, and nothing in it "
        + $"was run{advice}");

    private void Append(object?[] items)
    {
        if (Top() is PickleOpaque) return;
        if (Top() is not List<object?> list) throw Bad("it appends to something that is not a list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        Require(items.Length % 2 == 0, "it sets a key without a value");
        if (Top() is PickleOpaque) return;
        if (Top() is not OrderedDictionary<string, object?> dictionary) throw Bad("it sets items of something that is not a dictionary");
        for (int i = 0; i < items.Length; i += 2)
        {
            // Weights have names: what has another key is not one of them.
            if (items[i] is null or double or object?[] or byte[] or PickleOpaque or PickleGlobal)
            {
                dictionary[$"key {dictionary.Count}"] = new PickleOpaque("a value whose key is not text");
            }
            else dictionary[Key(items[i])] = items[i + 1];
        }
    }

    private string Key(object? key) => key switch
    {
        string text => text,
        long or bool => $"{key}",
        _ => throw Bad("a dictionary has a key that is neither a string nor a number"),
    };

    private long[] Integers(object?[] tuple) => Array.ConvertAll(
        tuple, value => value is long number ? number : throw Bad("a tensor has a dimension or stride that is not an integer"));

    private static object Integer(ReadOnlySpan<byte> bytes) =>
        bytes.Length switch { <= 8 => (object)(long)new BigInteger(bytes), _ => new BigInteger(bytes) };

    private object Bytes(int length, bool asText)
    {
        var bytes = Take(length);
        if (withArrays && length >= PickleRange.Least) return new PickleRange(position - length, length);
        return asText ? Encoding.Latin1.GetString(bytes) : bytes.ToArray();
    }

    private string Text(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Bad("a string is not UTF-8");

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
        Require(length <= int.MaxValue, "a string is longer than the file");
        return (int)length;
    }

    private int Length64()
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        Require(length <= int.MaxValue, "a string is longer than the file");
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
        Count(1);
        stack.Add(value);
    }

    private void Count(int built)
    {
        objects += built;
        if (objects > MaxObjects) throw Bad($"there are more than {MaxObjects} values");
    }

    private void Remember(uint index)
    {
        memo[index] = Top();
        if (memo.Count > MaxObjects) throw Bad($"its memo has more than {MaxObjects} entries");
    }

    private void PushMemo(uint index) =>
        Push(memo.TryGetValue(index, out var value) ? value : throw Bad("it reads a memo entry that it did not write"));

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

    // Values below the last mark are out of reach until the mark is popped.
    private int Floor => marks.TryPeek(out int mark) ? mark : 0;

    private void Require(bool holds, string otherwise)
    {
        if (!holds) throw Bad(otherwise);
    }

    private InvalidDataException Bad(string cause) => new($"at byte {start} of its pickle, {cause}");
}
