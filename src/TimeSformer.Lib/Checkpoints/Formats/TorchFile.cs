using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>
/// A file that torch.save wrote (.pt, .pth, .pyth, .bin), open for reading, in the zip format or the legacy one from before PyTorch 1.6.
/// Its pickle is read as data (<see cref="Unpickler"/>), never run; every storage and every tensor is checked to lie inside the file.
/// </summary>
public sealed class TorchFile : TensorFile
{
    private const string PickleName = "/data.pkl";
    private const string BigEndian = "it was written on a big-endian machine; save it again on a little-endian one";
    private const int MaxPickleBytes = 32 << 20, MaxDepth = 16, MaxName = 1000;

    // Where training code keeps the weights beside its other state; the official code's key first.
    private static readonly string[] sections = ["model_state", "state_dict", "model", "module", "model_state_dict"];

    private readonly OrderedDictionary<string, TensorEntry> entries = [];
    private readonly ReadStorage read;
    private int visited;

    private TorchFile(string path, Unpickler unpickler, object? root, IDisposable source, ReadStorage read)
        : base(path, source)
    {
        (Root, this.read) = (root, read);
        PassedOver = [.. NotData(root, unpickler.Emptied)];
        var tree = root as OrderedDictionary<string, object?>;
        Section = sections.FirstOrDefault(name => tree?.GetValueOrDefault(name) is OrderedDictionary<string, object?>) ?? "";
        Collect(Section.Length == 0 ? root : tree![Section], "", 0);
    }

    private delegate void ReadStorage(TorchStorage storage, Span<byte> target, long offset);

    /// <summary>
    /// The file's content: null, bool, long, BigInteger, double, string, byte[], object?[] for a tuple, List, OrderedDictionary by string,
    /// <see cref="TensorEntry"/> for a tensor; and what is none of these is a placeholder.
    /// </summary>
    public object? Root { get; }

    /// <summary>The key under which the weights were found, such as <c>model_state</c>; empty if the whole file is weights.</summary>
    public string Section { get; }

    /// <summary>The tensors of <see cref="Section"/>; the keys of nested dictionaries are joined by dots.</summary>
    public override IReadOnlyDictionary<string, TensorEntry> Entries => entries;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PassedOver { get; }

    // The first pickle of a legacy file: protocol 2, the number 0x1950a86a20f9469cfc6c, stop.
    internal static ReadOnlySpan<byte> LegacyMagic =>
        [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>Opens a file and checks its whole structure.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or its pickle asks for more than data; the message names it.</exception>
    public static new TorchFile Open(string path)
    {
        var head = FileBytes.Head(path, least: LegacyMagic.Length, "PyTorch file");
        try
        {
            if (head.AsSpan().StartsWith("PK"u8)) return ZipEntries.Open(path).OrDispose(zip => OpenZip(path, zip));
            if (!LegacyMagic.SequenceEqual(head)) throw Bad($"not a PyTorch file: it begins with {Convert.ToHexString(head[..8])}");
            return FileBytes.Open(path, least: LegacyMagic.Length, "PyTorch file").OrDispose(bytes => OpenLegacy(path, bytes));
        }
        catch (InvalidDataException error)
        {
            throw new CheckpointException(path, error.Message, error);
        }
    }

    /// <summary>Copies a tensor of <see cref="Root"/> out of the file.</summary>
    /// <returns>A new contiguous tensor on the CPU.</returns>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public Tensor ReadTensor(TensorEntry entry) => Read(entry);

    private static TorchFile OpenZip(string path, ZipEntries zip)
    {
        var pickleName = zip.Names.FirstOrDefault(name => name.EndsWith(PickleName, StringComparison.Ordinal))
            ?? throw Bad("a zip file, but not PyTorch's: it contains no data.pkl");
        var folder = pickleName[..^PickleName.Length];
        if (zip.Length($"{folder}/byteorder") is > 0 and <= 16 and { } length)
        {
            var order = new byte[length];
            zip.Read($"{folder}/byteorder", order, 0);
            if (!order.AsSpan().StartsWith("little"u8)) throw Bad(BigEndian);
        }
        long pickleLength = zip.Length(pickleName)!.Value;
        if (pickleLength > MaxPickleBytes) throw Bad($"its pickle has {pickleLength} bytes, more than the {MaxPickleBytes} allowed");
        var pickle = new byte[pickleLength];
        zip.Read(pickleName, pickle, 0);
        var unpickler = new Unpickler(pickle);
        var root = unpickler.Load();
        foreach (var storage in unpickler.Storages.Values)
        {
            if (zip.Length($"{folder}/data/{storage.Key}") is not { } found) throw Bad($"{storage} is missing");
            if (found < storage.Bytes) throw Bad($"{storage} has {found} bytes, but needs {storage.Bytes}");
        }
        return new(path, unpickler, root, zip, (storage, target, offset) => zip.Read($"{folder}/data/{storage.Key}", target, offset));
    }

    // Five pickles (magic number, version, the machine that wrote it, content, the storages' keys), then each storage's length and bytes.
    private static TorchFile OpenLegacy(string path, FileBytes bytes)
    {
        var pickles = new byte[(int)Math.Min(bytes.Length, MaxPickleBytes)];
        bytes.Read(pickles, 0);
        var unpickler = new Unpickler(pickles);
        unpickler.Load();
        unpickler.Load();
        if (unpickler.Load() is OrderedDictionary<string, object?> machine && machine.GetValueOrDefault("little_endian") is false)
        {
            throw Bad(BigEndian);
        }
        var root = unpickler.Load();
        if (unpickler.Load() is not List<object?> keys) throw Bad("it has no list of storages; the file is damaged");

        Dictionary<TorchStorage, long> starts = [];
        long position = unpickler.Position;
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        foreach (var key in keys)
        {
            if (key is not string name || !unpickler.Storages.TryGetValue(name, out var storage))
            {
                throw Bad("its list of storages names one that no tensor uses; the file is damaged");
            }
            long start = position + prefix.Length;
            if (bytes.Length - start < storage.Bytes) throw Bad($"{storage} extends past the end; the file is truncated");
            bytes.Read(prefix, position);
            var (count, described) = (BitConverter.ToInt64(prefix), storage.Elements);
            if (count != described) throw Bad($"{storage} has {count} elements in one place and {described} in another");
            if (!starts.TryAdd(storage, start)) throw Bad($"its list of storages contains {storage} twice");
            position = start + storage.Bytes!.Value;
        }
        var missing = unpickler.Storages.Values.FirstOrDefault(storage => !starts.ContainsKey(storage));
        if (missing is not null) throw Bad($"{missing} is missing");
        return new(path, unpickler, root, bytes, (storage, target, offset) => bytes.Read(target, starts[storage] + offset));
    }

    private static InvalidDataException Bad(string cause) => new(cause);

    private protected override Tensor Read(TensorEntry entry)
    {
        var stored = (StoredTensor)entry;
        long start = stored.Offset * TensorEntry.ElementBytes(stored.DType);
        ReadBytes fill = (target, offset) => read(stored.Storage, target, start + offset);
        if (stored.IsContiguous) return Fill([.. stored.Shape], stored.DType, fill);
        using var run = Fill([stored.Extent], stored.DType, fill);
        using var view = run.as_strided([.. stored.Shape], [.. stored.Strides]);
        return view.contiguous();
    }

    // Where placeholders stand, with their types. Containers may be shared or nested without end: each is entered once.
    private static IEnumerable<string> NotData(object? root, IReadOnlyDictionary<object, string> emptied)
    {
        HashSet<object> entered = new(ReferenceEqualityComparer.Instance);
        Stack<(string Name, object? Value)> open = new([("", root)]);
        while (open.TryPop(out var next))
        {
            var (name, value) = next;
            if (value is PickleOpaque opaque) yield return $"{name} ({opaque.Type.Shorten()})";
            if (value is PickleGlobal { Kind: PickleKind.Opaque or PickleKind.Other } type) yield return $"{name} ({type.Name.Shorten()})";
            if (value is null or string or byte[] || value.GetType().IsValueType || !entered.Add(value)) continue;
            if (emptied.TryGetValue(value, out var emptiedType)) yield return $"{name} ({emptiedType})";
            var members = value switch
            {
                OrderedDictionary<string, object?> dictionary => dictionary.Select(member => (member.Key, member.Value)),
                IEnumerable<object?> list => list.Select((item, index) => ($"{index}", item)),
                _ => [],
            };
            foreach (var (key, member) in members.Reverse()) open.Push(($"{name}{(name.Length > 0 ? "." : "")}{key}".Shorten(), member));
        }
    }

    private void Collect(object? value, string name, int depth)
    {
        if (depth > MaxDepth) throw Bad($"its containers are nested more than {MaxDepth} deep");
        // Containers may be shared: a small file can take forever to walk, and a long key stand in many names.
        if (name.Length > MaxName) throw Bad($"its name '{name.Shorten()}' has more than {MaxName} characters");
        if (++visited > Unpickler.MaxObjects) throw Bad($"its containers hold more than {Unpickler.MaxObjects} values");
        switch (value)
        {
            case StoredTensor tensor when name.Length > 0:
                if (!entries.TryAdd(name, tensor)) throw Bad($"two tensors are named '{name.Shorten()}'");
                break;
            case PickleOpaque { IsTensor: true } opaque:
                throw Bad($"its {name.Shorten()} is made by {opaque.Type}, a kind of tensor that cannot be read");
            case OrderedDictionary<string, object?> dictionary:
                foreach (var (key, member) in dictionary) Collect(member, name.Length == 0 ? key : $"{name}.{key}", depth + 1);
                break;
        }
    }
}

/// <summary>A run of elements in a PyTorch file, which several tensors may share; `Key` is its name there.</summary>
internal sealed record TorchStorage(string Key, ScalarType DType, long Elements)
{
    /// <summary>Its length in bytes; null if that exceeds 64 bits.</summary>
    public long? Bytes => TensorEntry.ByteCount([Elements], DType);

    public override string ToString() => $"storage '{Key.Shorten()}'";
}

/// <summary>A tensor in a PyTorch file: a view of a storage, known to lie inside it. Offset and strides count elements.</summary>
internal sealed record StoredTensor(TorchStorage Storage, long Offset, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides)
    : TensorEntry(Storage.DType, Shape)
{
    private const int MaxDimensions = 64;

    // An expanded tensor repeats elements; one that repeats more than this is not a weight but an attempt to exhaust memory.
    private const long MaxRepeatedElements = 1 << 20;

    /// <summary>Elements from the first to the last that it touches, inclusive; 0 if it is empty.</summary>
    public long Extent => Shape.Contains(0) ? 0 : 1 + Shape.Zip(Strides, (length, stride) => (length - 1) * stride).Sum();

    /// <summary>Whether its elements lie row by row without gaps.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int axis = Shape.Count - 1; axis >= 0; axis--)
            {
                if (Shape[axis] != 1 && Strides[axis] != expected) return false;
                expected *= Shape[axis];
            }
            return true;
        }
    }

    /// <summary>What is wrong with a view of a storage, or null.</summary>
    public static string? Check(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length) return $"a tensor has {shape.Length} dimensions and {strides.Length} strides";
        if (shape.Length > MaxDimensions) return $"a tensor has {shape.Length} dimensions, more than the {MaxDimensions} allowed";
        if (shape.Append(offset).Concat(strides).Any(number => number < 0)) return "a tensor has a negative dimension, stride or offset";
        if (ByteCount(shape, storage.DType) is not { } bytes) return "a tensor has an impossible shape";
        long count = bytes / ElementBytes(storage.DType);
        if (count == 0) return null;
        Int128 end = offset;
        for (int axis = 0; axis < shape.Length; axis++) end += (Int128)(shape[axis] - 1) * strides[axis];
        if (end >= storage.Elements) return $"a tensor reaches element {end} of {storage}, which has {storage.Elements}";
        return count > Math.Max(storage.Elements, MaxRepeatedElements)
            ? $"a tensor expands the {storage.Elements} elements of its storage to {count}"
            : null;
    }
}
