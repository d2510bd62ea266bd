using System.Buffers.Binary;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>Where a tensor lies in a safetensors file.</summary>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
public sealed record SafeTensorsEntry(ScalarType DType, IReadOnlyList<long> Shape, long Begin, long End) : TensorEntry(DType, Shape);

/// <summary>
/// A safetensors file, open for reading: an 8-byte little-endian length, a JSON header of that length, then the tensors' bytes. The whole
/// header is checked before anything is read: every tensor lies inside the file, none overlaps another, and no byte is left over. Only the
/// tensors asked for are read, straight into their memory. Several threads may read at the same time.
/// </summary>
public sealed class SafeTensorsFile : TensorFile
{
    /// <summary>Longest header that is accepted, as in the original implementation.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    internal const int PrefixBytes = 8;

    private readonly FileBytes bytes;
    private readonly long dataStart;

    private SafeTensorsFile(string path, FileBytes bytes, long dataStart, SafeTensorsHeader header)
        : base(path) => (this.bytes, this.dataStart, Metadata, Entries) = (bytes, dataStart, header.Metadata, header.Entries);

    /// <summary>Free text by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorEntry> Entries { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="CheckpointException">The file is missing or its header is wrong; the message says how.</exception>
    public static new SafeTensorsFile Open(string path)
    {
        var bytes = FileBytes.Open(path, least: PrefixBytes, "safetensors file");
        try
        {
            Span<byte> prefix = stackalloc byte[PrefixBytes];
            bytes.Read(prefix, 0);
            ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (claimed > MaxHeaderBytes) throw new CheckpointException(path, $"its header claims {claimed} bytes, more than the {MaxHeaderBytes} allowed; is this a safetensors file?");
            long dataStart = PrefixBytes + (long)claimed;
            if (dataStart > bytes.Length) throw new CheckpointException(path, $"its header claims {claimed} bytes, the file has {bytes.Length - PrefixBytes} after the length; it is truncated");
            var json = new byte[claimed];
            bytes.Read(json, PrefixBytes);
            return new(path, bytes, dataStart, SafeTensorsHeader.Parse(path, json, bytes.Length - dataStart));
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private protected override Tensor Read(TensorEntry entry)
    {
        long start = dataStart + ((SafeTensorsEntry)entry).Begin;
        return Fill([.. entry.Shape], entry.DType, (target, offset) => bytes.Read(target, start + offset));
    }

    private protected override void Close() => bytes.Dispose();
}
