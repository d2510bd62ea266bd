using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>A tensor in a file: what is known of it before it is read.</summary>
public abstract record TensorEntry(ScalarType DType, IReadOnlyList<long> Shape);

/// <summary>
/// A file of named tensors, open for reading: safetensors, PyTorch (zip or legacy) or NumPy's .npz. All that the file promises is checked
/// against its length when it is opened; tensors are read one by one, when they are asked for. No code of a file is ever run.
/// </summary>
public abstract class TensorFile : IDisposable
{
    private protected TensorFile(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensors by name, in the file's order.</summary>
    public abstract IReadOnlyDictionary<string, TensorEntry> Entries { get; }

    /// <summary>Opens a file of any of the formats, which its first bytes tell.</summary>
    /// <exception cref="CheckpointException">It is of no known format, damaged, or asks for more than data; the message says which.</exception>
    public static TensorFile Open(string path)
    {
        byte[] head;
        using (var bytes = FileBytes.Open(path, least: SafeTensorsFile.PrefixBytes, "file of tensors"))
        {
            head = new byte[(int)Math.Min(bytes.Length, TorchFile.LegacyMagic.Length)];
            bytes.Read(head, 0);
        }
        if (head.AsSpan().StartsWith("PK"u8)) return ZipEntries.HoldsPickle(path) ? TorchFile.Open(path) : NpzFile.Open(path);
        if (head.AsSpan().SequenceEqual(TorchFile.LegacyMagic)) return TorchFile.Open(path);
        if (head.Length > SafeTensorsFile.PrefixBytes && head[SafeTensorsFile.PrefixBytes] == '{') return SafeTensorsFile.Open(path);
        throw new CheckpointException(path, $"it is no safetensors, PyTorch or .npz file: it begins with {Convert.ToHexString(head.AsSpan(0, 8))}");
    }

    /// <summary>Copies a tensor out of the file.</summary>
    /// <returns>A new contiguous tensor on the CPU.</returns>
    /// <exception cref="CheckpointException">There is no such tensor, or the file could not be read.</exception>
    public Tensor Read(string name) => Entries.TryGetValue(name, out var entry) ? Read(entry) : throw new CheckpointException(Path, $"there is no tensor '{name}'");

    /// <summary>Copies all tensors out of the file.</summary>
    /// <exception cref="CheckpointException">The file could not be read.</exception>
    public Dictionary<string, Tensor> ReadAll() => Entries.Keys.ToDictionary(name => name, Read);

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private protected abstract Tensor Read(TensorEntry entry);

    private protected abstract void Close();

    /// <summary>A new tensor whose bytes `read` fills, piece by piece, given each piece's offset.</summary>
    private protected static Tensor Fill(ReadOnlySpan<long> shape, ScalarType dtype, ReadBytes read)
    {
        var tensor = empty(shape.ToArray(), dtype, CPU);
        try
        {
            foreach (var (part, offset) in SafeTensors.Parts(tensor))
            {
                using (part) read(part.bytes, offset);
            }
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
        return tensor;
    }

    /// <summary>Fills a buffer with bytes of a tensor, from `offset` on.</summary>
    private protected delegate void ReadBytes(Span<byte> target, long offset);
}
