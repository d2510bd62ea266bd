namespace TimeSformer.Video.Containers;

/// <summary>Matroska and WebM (RFC 9559): only the segment's declared size is read, as nothing lists the frames.</summary>
internal static class Matroska
{
    private const long Segment = 0x18538067;

    /// <summary>The identifier of an EBML header, with which a file starts.</summary>
    public static ReadOnlySpan<byte> Signature => [0x1A, 0x45, 0xDF, 0xA3];

    public static Container Read(PartReader reader)
    {
        var (at, size) = Size(reader, Signature.Length);
        if (size < 0 || size > reader.Length || at + size + 12 > reader.Length) return new();
        long segment = at + size;
        if (reader.UInt32BigEndian(segment) != Segment) return new();
        (at, size) = Size(reader, segment + 4);
        return new() { Truncation = size < 0 ? null : Container.TruncationOf(at, size, reader.Length) };
    }

    // A number of 1 to 8 bytes, whose leading zero bits tell its length. All ones mean an unknown size, given as -1: live recordings.
    private static (long Next, long Size) Size(PartReader reader, long at)
    {
        int first = reader.Byte(at), length = 1;
        while (length <= 8 && (first & (0x100 >> length)) == 0) length++;
        if (length > 8) return (at + 1, -1);
        long value = first & ((0x100 >> length) - 1);
        for (int k = 1; k < length; k++) value = (value << 8) | reader.Byte(at + k);
        bool isUnknown = value == (1L << (7 * length)) - 1;
        return (at + length, isUnknown ? -1 : value);
    }
}
