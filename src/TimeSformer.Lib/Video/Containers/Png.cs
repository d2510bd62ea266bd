namespace TimeSformer.Video.Containers;

/// <summary>PNG (RFC 2083): chunks with a big-endian size, a four-letter type, content and a checksum.</summary>
internal static class Png
{
    /// <summary>The bytes with which a file starts.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>How a file was cut off or damaged, or null: OpenCV makes room for a chunk, up to 2 GiB, before it reads it.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? Fault(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[Signature.Length];
        bool isPng = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Signature);
        if (!isPng) return null;
        var reader = new PartReader(file);
        for (long at = head.Length; at + 12 <= reader.Length && reader.Next();)
        {
            long end = at + 12 + reader.UInt32BigEndian(at);
            if (end > reader.Length) return $"truncated or damaged: a part extends to byte {end}, the file to byte {reader.Length}";
            at = end;
        }
        return reader.GaveUp ? "damaged: it has too many parts" : null;
    }
}
