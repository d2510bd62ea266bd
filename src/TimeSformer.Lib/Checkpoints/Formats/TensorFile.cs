using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>A checkpoint that cannot be read or written. The message is one line: the path and the cause.</summary>
public sealed class CheckpointException(string path, string cause, Exception? inner = null)
    : InputException(OneLine($"{path}: {cause}"), inner)
{
    /// <summary>The file or folder.</summary>
    public string Path { get; } = path;

    // Names from a file may contain line breaks or control sequences for a terminal.
    private static string OneLine(string text) => !text.Any(char.IsControl) ? text
        : string.Concat(text.Select(letter => char.IsControl(letter) ? $"\\u{(int)letter:x4}" : letter.ToString()));
}

/// <summary>A tensor in a file: what is known before it is read.</summary>
public abstract record TensorEntry(ScalarType DType, IReadOnlyList<long> Shape)
{
    /// <summary>The size of one element in bytes.</summary>
    internal static int ElementBytes(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        ScalarType.Int8 or ScalarType.Byte or ScalarType.Bool => 1,
        _ => throw new ArgumentException($"no file format stores {dtype}"),
    };

    /// <summary>The size of a tensor in bytes; null if it, or the product of the dimensions other than 0, exceeds 64 bits.</summary>
    internal static long? ByteCount(ReadOnlySpan<long> shape, ScalarType dtype)
    {
        long count = ElementBytes(dtype);
        bool isEmpty = false;
        foreach (long length in shape)
        {
            if (length == 0) isEmpty = true;
            else if (count > long.MaxValue / length) return null;
            else count *= length;
        }
        return isEmpty ? 0 : count;
    }
}

/// <summary>A file of named tensors. Opening it checks all that it declares against its length; no code in it is ever run.</summary>
public abstract class TensorFile : IDisposable
{
    // Tensor.bytes is a Span<byte>, which holds at most 2 GiB.
    private const long PartBytes = 1 << 30;

    private readonly IDisposable source;

    private protected TensorFile(string path, IDisposable source) => (Path, this.source) = (path, source);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensors by name, in the file's order.</summary>
    public abstract IReadOnlyDictionary<string, TensorEntry> Entries { get; }

    /// <summary>What the file holds beside data and was passed over unread: where, and of what type.</summary>
    public virtual IReadOnlyList<string> PassedOver => [];

    /// <summary>Opens a file of any of the formats; its first bytes identify which. An index opens all files that it names.</summary>
    /// <exception cref="CheckpointException">The format is unknown, or the file is damaged or contains code.</exception>
    public static TensorFile Open(string path)
    {
        if (path.EndsWith(ShardedFile.IndexEnding, StringComparison.Ordinal)) return ShardedFile.Open(path);
        var head = FileBytes.Head(path, least: SafeTensorsFile.PrefixBytes, "file of tensors").AsSpan();
        if (head.StartsWith("PK"u8)) return ZipEntries.HoldsPickle(path) ? TorchFile.Open(path) : NpzFile.Open(path);
        if (head.SequenceEqual(TorchFile.LegacyMagic)) return TorchFile.Open(path);
        if (head.Length > SafeTensorsFile.PrefixBytes && head[SafeTensorsFile.PrefixBytes] == '{') return SafeTensorsFile.Open(path);
        if (Caffe2File.IsPickle(head)) return Caffe2File.Open(path);
        var shown = Convert.ToHexString(head[..SafeTensorsFile.PrefixBytes]);
        throw new CheckpointException(path, $"not a safetensors, PyTorch, .npz or Caffe2 file: it begins with {shown}");
    }

    /// <summary>Copies a tensor out of the file.</summary>
    /// <returns>A new contiguous tensor on the CPU.</returns>
    /// <exception cref="CheckpointException">The file has no tensor of that name, or cannot be read.</exception>
    public Tensor Read(string name) =>
        Entries.TryGetValue(name, out var entry) ? Read(entry) : throw new CheckpointException(Path, $"no tensor named '{name}'");

    /// <summary>Copies all tensors out of the file.</summary>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public Dictionary<string, Tensor> ReadAll() => Entries.Keys.ToDictionary(name => name, Read);

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract Tensor Read(TensorEntry entry);

    private protected delegate void ReadBytes(Span<byte> target, long offset);

    /// <summary>A new tensor whose bytes `read` fills, part by part.</summary>
    private protected static Tensor Fill(ReadOnlySpan<long> shape, ScalarType dtype, ReadBytes read) =>
        empty(shape.ToArray(), dtype, CPU).OrDispose(tensor =>
        {
            foreach (var (part, offset) in Parts(tensor))
            {
                using (part) read(part.bytes, offset);
            }
            return tensor;
        });

    /// <summary>The same, of an array in which the first index may vary fastest.</summary>
    private protected static Tensor Fill(ReadOnlySpan<long> shape, ScalarType dtype, bool columnMajor, ReadBytes read)
    {
        if (!columnMajor) return Fill(shape, dtype, read);
        long[] reversed = [.. shape], axes = [.. Enumerable.Range(0, shape.Length).Reverse().Select(axis => (long)axis)];
        Array.Reverse(reversed);
        using var stored = Fill(reversed, dtype, read);
        using var view = stored.permute(axes);
        return view.contiguous();
    }

    /// <summary>Writes a tensor's elements row by row; a tensor on a GPU, or not contiguous, is copied first.</summary>
    internal static void WriteData(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        foreach (var (part, _) in Parts(tensor.detach().cpu().contiguous()))
        {
            using (part) stream.Write(part.bytes);
        }
    }

    /// <summary>Writes a file that appears under its name only once it is complete and on disk; until then an earlier one stays.</summary>
    /// <param name="length">Its length in bytes if known, so that a full disk fails at once; else 0.</param>
    internal static void WriteWhole(string path, long length, Action<Stream> write)
    {
        // A unique name: another process may be writing the same file.
        var partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, PreallocationSize = length };
            using (var stream = new FileStream(partial, options))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    // A contiguous CPU tensor in parts whose bytes fit a span, each with its offset in bytes. The caller disposes the parts.
    private static IEnumerable<(Tensor Part, long Offset)> Parts(Tensor tensor)
    {
        using var flat = tensor.view(-1);
        long count = flat.numel(), step = PartBytes / tensor.ElementSize;
        for (long start = 0; start < count; start += step)
        {
            yield return (flat.narrow(0, start, Math.Min(step, count - start)), start * tensor.ElementSize);
        }
    }
}

/// <summary>
/// A file's bytes at any position; several threads may read at once. Positional reads rather than a memory map: the bytes are copied into
/// tensors either way, and if the file shrinks or the disk fails, a read throws, whereas a map would kill the process.
/// </summary>
internal sealed class FileBytes : IDisposable
{
    private readonly string path;
    private readonly SafeFileHandle handle;

    private FileBytes(string path, SafeFileHandle handle) =>
        (this.path, this.handle, Length) = (path, handle, RandomAccess.GetLength(handle));

    public long Length { get; }

    /// <summary>Opens a file of at least `least` bytes; `what` it should be is for messages.</summary>
    /// <exception cref="CheckpointException">The file is missing or too short.</exception>
    public static FileBytes Open(string path, int least, string what)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new CheckpointException(path, Directory.Exists(path) ? $"a folder, not a {what}" : "file not found");
        // Before opening: opening a pipe would wait for a writer.
        if (file.Length < least) throw new CheckpointException(path, $"too short for a {what}: {file.Length} bytes");
        return new(path, File.OpenHandle(path));
    }

    /// <summary>The first bytes of a file of at least `least` bytes, at most as many as identify a format.</summary>
    public static byte[] Head(string path, int least, string what)
    {
        using var bytes = Open(path, least, what);
        var head = new byte[(int)Math.Min(bytes.Length, TorchFile.LegacyMagic.Length)];
        bytes.Read(head, 0);
        return head;
    }

    /// <summary>Fills the target with the bytes from `offset` on.</summary>
    /// <exception cref="CheckpointException">The file ends early.</exception>
    public void Read(Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            int count = RandomAccess.Read(handle, target, offset);
            if (count == 0) throw new CheckpointException(path, $"ended at byte {offset} while being read; is it being written?");
            target = target[count..];
            offset += count;
        }
    }

    public void Dispose() => handle.Dispose();
}

internal static class FileText
{
    /// <summary>At most 100 characters of a text from a file, for messages.</summary>
    public static string Shorten(this string text) => text.Length <= 100 ? text : text[..100] + "...";
}
