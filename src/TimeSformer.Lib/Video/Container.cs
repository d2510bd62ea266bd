using System.Buffers.Binary;
using System.Text;

namespace TimeSformer.Video;

/// <summary>
/// What the structure of a file says of it before anything is decoded. Decoders take a file that was cut short as long as the frames asked
/// for lie before the cut; the sizes that the container itself announces tell it apart from a whole one.
/// </summary>
internal static class Container
{
    // The share of the announced data that may be absent, as for frames (VideoReader).
    private const double MostMissing = 0.1;

    // Files are not trusted: a walk over more parts than this gives up, without a verdict.
    private const int MostParts = 100_000;

    // A track's handler lies in moov/trak/mdia; what claims to nest deeper is not followed.
    private const int HandlerDepth = 3;

    // Written by programs that do not know a size yet and never came back to fill it in.
    private const long UnknownRiffSize = 0x7FFF_F000;

    /// <summary>What is wrong with a file, or null where its structure shows nothing; MP4 and AVI are known, other formats pass.</summary>
    public static string? Fault(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[12];
        int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read < head.Length) return null;
        var walk = new Walk(file);
        if (head[4..8].SequenceEqual("ftyp"u8)) return Mp4(walk, file.Length);
        return head[..4].SequenceEqual("RIFF"u8) && head[8..].SequenceEqual("AVI "u8) ? Avi(walk, file.Length) : null;
    }

    // ISO/IEC 14496-12: boxes of a big-endian size, a four-letter type and their content.
    private static string? Mp4(Walk walk, long length)
    {
        bool index = false;
        string? fault = null;
        var handlers = new List<string>();
        void Boxes(long at, long end, int depth)
        {
            while (at + 8 <= end && fault is null && walk.Next())
            {
                long size = walk.UInt32BigEndian(at), header = 8;
                var type = walk.Letters(at + 4);
                if (size == 1 && at + 16 <= end) (size, header) = (walk.Int64BigEndian(at + 8), 16);
                else if (size == 0) size = end - at;
                if (size < header || size > long.MaxValue - at) return; // junk after the last box
                if (type == "mdat") fault = Missing(at, size, length);
                index |= type is "moov";
                if (depth < HandlerDepth && type is ("moov" or "trak" or "mdia")) Boxes(at + header, Math.Min(at + size, end), depth + 1);
                else if (type == "hdlr" && at + header + 12 <= length) handlers.Add(walk.Letters(at + header + 8));
                at += size;
            }
        }
        Boxes(0, length, depth: 0);
        if (fault is not null || walk.GaveUp) return fault;
        if (!index) return "damaged: it has no index of its frames (moov)";
        return handlers.Count > 0 && !handlers.Contains("vide") ? "it has no video track" : null;
    }

    // RIFF: chunks of a four-letter type and a little-endian size, padded to even.
    private static string? Avi(Walk walk, long length)
    {
        long at = 12;
        while (at + 12 <= length && walk.Next())
        {
            long size = walk.UInt32LittleEndian(at + 4);
            if (walk.Letters(at) == "LIST" && walk.Letters(at + 8) == "movi") return size < UnknownRiffSize ? Missing(at, size + 8, length) : null;
            at += 8 + size + (size & 1);
        }
        return null;
    }

    private static string? Missing(long at, long size, long length) => at + size - length > MostMissing * size
        ? $"cut short: its frames go on to byte {at + size}, the file ends at {length}"
        : null;

    private sealed class Walk(FileStream file)
    {
        private readonly byte[] buffer = new byte[8];
        private int parts;

        public bool GaveUp => parts > MostParts;

        public bool Next() => ++parts <= MostParts;

        public long UInt32BigEndian(long at) => BinaryPrimitives.ReadUInt32BigEndian(Read(at, 4));

        public long UInt32LittleEndian(long at) => BinaryPrimitives.ReadUInt32LittleEndian(Read(at, 4));

        public long Int64BigEndian(long at) => BinaryPrimitives.ReadInt64BigEndian(Read(at, 8));

        public string Letters(long at) => Encoding.Latin1.GetString(Read(at, 4));

        private ReadOnlySpan<byte> Read(long at, int count)
        {
            file.Position = at;
            file.ReadExactly(buffer, 0, count);
            return buffer.AsSpan(0, count);
        }
    }
}
