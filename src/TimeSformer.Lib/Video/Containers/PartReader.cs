using System.Buffers.Binary;
using System.Text;

namespace TimeSformer.Video.Containers;

/// <summary>Reads numbers and names from a file at given positions, and counts its parts: files are not trusted.</summary>
internal sealed class PartReader(FileStream file)
{
    private const int MaxParts = 1_000_000;

    private readonly byte[] buffer = new byte[8];
    private int parts;

    /// <summary>The file's length in bytes.</summary>
    public long Length { get; } = file.Length;

    /// <summary>Whether the file has more parts than are read.</summary>
    public bool GaveUp => parts > MaxParts;

    /// <summary>Counts a part; false if there are too many.</summary>
    public bool Next() => ++parts <= MaxParts;

    public byte Byte(long at) => Read(at, 1)[0];

    public int Int32BigEndian(long at) => BinaryPrimitives.ReadInt32BigEndian(Read(at, 4));

    public long UInt32BigEndian(long at) => BinaryPrimitives.ReadUInt32BigEndian(Read(at, 4));

    public long UInt32LittleEndian(long at) => BinaryPrimitives.ReadUInt32LittleEndian(Read(at, 4));

    public long Int64BigEndian(long at) => BinaryPrimitives.ReadInt64BigEndian(Read(at, 8));

    /// <summary>A name of four letters.</summary>
    public string FourCC(long at) => Encoding.Latin1.GetString(Read(at, 4));

    private ReadOnlySpan<byte> Read(long at, int count)
    {
        file.Position = at;
        file.ReadExactly(buffer, 0, count);
        return buffer.AsSpan(0, count);
    }
}
