using TimeSformer.Checkpoints.Pickle;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>
/// A file that torch.save wrote (.pt, .pth, .pyth, .bin), open for reading, in the zip format or the one before PyTorch 1.6. Its pickle is
/// read as data (<see cref="Unpickler"/>), never run; every storage and every tensor is checked to lie inside the file.
/// </summary>
public sealed class TorchFile : TensorFile
{
    private const string PickleName = "/data.pkl";
    private const int MaxPickleBytes = 32 << 20;
    private const int MaxDepth = 16;

    // Where training code keeps the weights besides its other state; the official code's first.
    private static readonly string[] sections = ["model_state", "state_dict", "model", "module", "model_state_dict"];

    private readonly OrderedDictionary<string, TensorEntry> entries = [];
    private readonly IDisposable source;
    private readonly ReadStorage read;
    private int visited;

    private TorchFile(string path, object? root, IDisposable source, ReadStorage read)
        : base(path)
    {
        (Root, this.source, this.read) = (root, source, read);
        var weights = root;
        Section = "";
        foreach (var name in sections)
        {
            if (root is not OrderedDictionary<string, object?> tree || tree.GetValueOrDefault(name) is not OrderedDictionary<string, object?> found) continue;
            (weights, Section) = (found, name);
            break;
        }
        Collect(weights, "", 0);
    }

    private delegate void ReadStorage(TorchStorage storage, Span<byte> target, long offset);

    /// <summary>
    /// All that the file holds: null, bool, long, BigInteger, double, string, byte[], object?[] for a tuple, List of them, OrderedDictionary by
    /// text, and <see cref="TensorEntry"/> for a tensor.
    /// </summary>
    public object? Root { get; }

    /// <summary>The key under which the weights were found, such as <c>model_state</c>; empty where the whole file is weights.</summary>
    public string Section { get; }

    /// <summary>The tensors of <see cref="Section"/>; names of nested dictionaries and lists are joined by dots.</summary>
    public override IReadOnlyDictionary<string, TensorEntry> Entries => entries;

    // The first pickle of a legacy file: protocol 2, the number 0x1950a86a20f9469cfc6c, stop.
    internal static ReadOnlySpan<byte> LegacyMagic => [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>Opens a file and checks all of its structure.</summary>
    /// <exception cref="CheckpointException">It is damaged, or its pickle asks for more than data; the message names what it asked for.</exception>
    public static new TorchFile Open(string path)
    {
        var bytes = FileBytes.Open(path, least: LegacyMagic.Length, "PyTorch file");
        IDisposable source = bytes;
        try
        {
            Span<byte> head = stackalloc byte[LegacyMagic.Length];
            bytes.Read(head, 0);
            if (head.SequenceEqual(LegacyMagic)) return OpenLegacy(path, bytes);
            if (!head.StartsWith("PK"u8)) throw new CheckpointException(path, $"it is no PyTorch file: it begins with {Convert.ToHexString(head[..8])}");
            bytes.Dispose();
            var zip = ZipEntries.Open(path);
            source = zip;
            return OpenZip(path, zip);
        }
        catch (Exception error)
        {
            source.Dispose();
            if (error is PickleException) throw new CheckpointException(path, error.Message, error);
            throw;
        }
    }

    /// <summary>Copies a tensor of <see cref="Root"/> out of the file.</summary>
    /// <returns>A new contiguous tensor on the CPU.</returns>
    /// <exception cref="CheckpointException">The file could not be read.</exception>
    public Tensor ReadTensor(TensorEntry entry) => Read(entry);

    private static TorchFile OpenZip(string path, ZipEntries zip)
    {
        if (zip.Names.FirstOrDefault(name => name.EndsWith(PickleName, StringComparison.Ordinal)) is not { } pickleName)
        {
            throw new CheckpointException(path, "it is a zip file, but no PyTorch file: it holds no data.pkl");
        }
        var folder = pickleName[..^PickleName.Length];
        if (zip.Length($"{folder}/byteorder") is > 0 and <= 16 and { } length)
        {
            var order = new byte[length];
            zip.Read($"{folder}/byteorder", order, 0);
            if (!order.AsSpan().StartsWith("little"u8)) throw new CheckpointException(path, "it was written on a big-endian machine; save it again on another");
        }
        long pickleLength = zip.Length(pickleName)!.Value;
        if (pickleLength > MaxPickleBytes) throw new CheckpointException(path, $"its pickle has {pickleLength} bytes, more than the {MaxPickleBytes} that are accepted");
        var pickle = new byte[pickleLength];
        zip.Read(pickleName, pickle, 0);
        var unpickler = new Unpickler(pickle);
        var root = unpickler.Load();
        foreach (var storage in unpickler.Storages.Values)
        {
            if (zip.Length($"{folder}/data/{storage.Key}") is not { } found) throw new CheckpointException(path, $"storage '{CheckpointException.Shown(storage.Key)}' is missing; the file is damaged");
            if (found < storage.Bytes) throw new CheckpointException(path, $"storage '{CheckpointException.Shown(storage.Key)}' has {found} bytes, its {storage.Elements} elements need {storage.Bytes}");
        }
        return new(path, root, zip, (storage, target, offset) => zip.Read($"{folder}/data/{storage.Key}", target, offset));
    }

    // Five pickles (a number, the version, what machine wrote it, the tree, the storages' keys in order), then for each storage the number
    // of its elements in 8 bytes and its bytes.
    private static TorchFile OpenLegacy(string path, FileBytes bytes)
    {
        var pickles = new byte[(int)Math.Min(bytes.Length, MaxPickleBytes)];
        bytes.Read(pickles, 0);
        var unpickler = new Unpickler(pickles);
        unpickler.Load();
        unpickler.Load();
        if (unpickler.Load() is OrderedDictionary<string, object?> machine && machine.GetValueOrDefault("little_endian") is false)
        {
            throw new CheckpointException(path, "it was written on a big-endian machine; save it again on another");
        }
        var root = unpickler.Load();
        if (unpickler.Load() is not List<object?> keys) throw new CheckpointException(path, "it has no list of storages; the file is damaged");

        Dictionary<TorchStorage, long> starts = [];
        long position = unpickler.Position;
        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (var key in keys)
        {
            if (key is not string name || !unpickler.Storages.TryGetValue(name, out var storage)) throw new CheckpointException(path, "its list of storages names one that no tensor uses; the file is damaged");
            if (bytes.Length - position - count.Length < storage.Bytes) throw new CheckpointException(path, $"storage '{CheckpointException.Shown(name)}' of {storage.Bytes} bytes lies past the end; the file is truncated");
            bytes.Read(count, position);
            if (BitConverter.ToInt64(count) != storage.Elements) throw new CheckpointException(path, $"storage '{CheckpointException.Shown(name)}' has {BitConverter.ToInt64(count)} elements in one place and {storage.Elements} in another");
            if (!starts.TryAdd(storage, position + count.Length)) throw new CheckpointException(path, $"its list names storage '{CheckpointException.Shown(name)}' twice");
            position += count.Length + storage.Bytes!.Value;
        }
        if (unpickler.Storages.Values.FirstOrDefault(storage => !starts.ContainsKey(storage)) is { } missing)
        {
            throw new CheckpointException(path, $"storage '{CheckpointException.Shown(missing.Key)}' is missing; the file is damaged");
        }
        return new(path, root, bytes, (storage, target, offset) => bytes.Read(target, starts[storage] + offset));
    }

    private protected override Tensor Read(TensorEntry entry)
    {
        var stored = (StoredTensor)entry;
        long start = stored.Offset * SafeTensors.ElementBytes(stored.DType);
        ReadBytes fill = (target, offset) => read(stored.Storage, target, start + offset);
        if (stored.IsContiguous) return Fill([.. stored.Shape], stored.DType, fill);
        using var run = Fill([stored.Extent], stored.DType, fill);
        using var view = run.as_strided([.. stored.Shape], [.. stored.Strides]);
        return view.contiguous();
    }

    private protected override void Close() => source.Dispose();

    private void Collect(object? value, string name, int depth)
    {
        if (depth > MaxDepth) throw new CheckpointException(Path, $"its containers are nested more than {MaxDepth} deep");
        // Containers may be shared: what is small in the file can be endless when it is walked.
        if (++visited > Unpickler.MaxObjects) throw new CheckpointException(Path, $"its containers hold more than {Unpickler.MaxObjects} values");
        switch (value)
        {
            case StoredTensor tensor when name.Length > 0:
                if (!entries.TryAdd(name, tensor)) throw new CheckpointException(Path, $"two tensors are called '{CheckpointException.Shown(name)}'");
                break;
            case OrderedDictionary<string, object?> dictionary:
                foreach (var (key, member) in dictionary) Collect(member, name.Length == 0 ? key : $"{name}.{key}", depth + 1);
                break;
        }
    }
}
