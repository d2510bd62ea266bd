using System.Buffers.Binary;
using System.Text;

namespace TimeSformer.Video;

/// <summary>Checks a video file's structure before decoding: decoders accept truncated files, but the declared sizes reveal them.</summary>
internal static class Container
{
    // The fraction of the declared data that may be missing, as for frames (VideoReader).
    private const double MaxMissing = 0.1;
    // Files are not trusted: a file with more boxes or chunks than this passes unchecked.
    private const int MaxParts = 100_000;
    // A track's handler lies in moov/trak/mdia; deeper boxes are ignored.
    private const int HandlerDepth = 3;
    // A placeholder of programs that write the header first and never return to fill in the size.
    private const long UnknownRiffSize = 0x7FFF_F000;

    /// <summary>What is wrong with the file, or null if nothing is. Only MP4 and AVI are checked.</summary>
    public static string? FindFault(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[12];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) return null;
        var reader = new PartReader(file);
        if (head[4..8].SequenceEqual("ftyp"u8)) return Mp4(reader, file.Length);
        return head[..4].SequenceEqual("RIFF"u8) && head[8..].SequenceEqual("AVI "u8) ? Avi(reader, file.Length) : null;
    }

    // ISO/IEC 14496-12: boxes with a big-endian size, a four-letter type and content.
    private static string? Mp4(PartReader reader, long length)
    {
        bool hasIndex = false;
        string? fault = null;
        var handlers = new List<string>();
        void Boxes(long at, long end, int depth)
        {
            while (at + 8 <= end && fault is null && reader.Next())
            {
                long size = reader.UInt32BigEndian(at), header = 8;
                var type = reader.FourCC(at + 4);
                if (size == 1 && at + 16 <= end) (size, header) = (reader.Int64BigEndian(at + 8), 16);
                else if (size == 0) size = end - at;
                if (size < header || size > long.MaxValue - at) return; // junk after the last box
                if (type == "mdat") fault = Truncation(at, size, length);
                hasIndex |= type is "moov";
                if (depth < HandlerDepth && type is ("moov" or "trak" or "mdia")) Boxes(at + header, Math.Min(at + size, end), depth + 1);
                else if (type == "hdlr" && at + header + 12 <= length) handlers.Add(reader.FourCC(at + header + 8));
                at += size;
            }
        }
        Boxes(0, length, depth: 0);
        if (fault is not null || reader.GaveUp) return fault;
        if (!hasIndex) return "damaged: it has no index of its frames (moov)";
        return handlers.Count > 0 && !handlers.Contains("vide") ? "it has no video track" : null;
    }

    // RIFF: chunks with a four-letter type and a little-endian size, padded to an even length.
    private static string? Avi(PartReader reader, long length)
    {
        long at = 12;
        while (at + 12 <= length && reader.Next())
        {
            long size = reader.UInt32LittleEndian(at + 4);
            bool holdsFrames = reader.FourCC(at) == "LIST" && reader.FourCC(at + 8) == "movi";
            if (holdsFrames) return size < UnknownRiffSize ? Truncation(at, size + 8, length) : null;
            at += 8 + size + (size & 1);
        }
        return null;
    }

    private static string? Truncation(long at, long size, long length) => at + size - length > MaxMissing * size
        ? $"truncated: its frames extend to byte {at + size}, but the file ends at byte {length}"
        : null;

    private sealed class PartReader(FileStream file)
    {
        private readonly byte[] buffer = new byte[8];
        private int parts;

        public bool GaveUp => parts > MaxParts;

        public bool Next() => ++parts <= MaxParts;

        public long UInt32BigEndian(long at) => BinaryPrimitives.ReadUInt32BigEndian(Read(at, 4));

        public long UInt32LittleEndian(long at) => BinaryPrimitives.ReadUInt32LittleEndian(Read(at, 4));

        public long Int64BigEndian(long at) => BinaryPrimitives.ReadInt64BigEndian(Read(at, 8));

        public string FourCC(long at) => Encoding.Latin1.GetString(Read(at, 4));

        private ReadOnlySpan<byte> Read(long at, int count)
        {
            file.Position = at;
            file.ReadExactly(buffer, 0, count);
            return buffer.AsSpan(0, count);
        }
    }
}
