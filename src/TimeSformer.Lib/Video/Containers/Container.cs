namespace TimeSformer.Video.Containers;

/// <summary>What a file's structure says of its video, as far as it is known without decoding.</summary>
internal sealed record Container
{
    /// <summary>Why the file is no video, or null.</summary>
    public string? Fault { get; init; }

    /// <summary>Where the file was cut off, or null: decoders accept truncated files, but the declared sizes reveal them.</summary>
    public string? Truncation { get; init; }

    /// <summary>The frames that are shown, or null if the container does not list them.</summary>
    public int? Frames { get; init; }

    /// <summary>Frames per second if the container lists all frames and they are evenly spaced, else null.</summary>
    public double? ConstantRate { get; init; }

    /// <summary>How frames are mirrored for display, or null; rotation alone is left to OpenCV.</summary>
    public Mirroring? Mirroring { get; init; }

    /// <summary>Reads the structure of MP4 (and QuickTime), AVI and Matroska (WebM) files; of others, nothing is known.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Container Read(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[12];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) return new();
        if (head.StartsWith("#EXTM3U"u8) || head.StartsWith("ffconcat"u8)) return new() { Fault = "a playlist, not a video" };
        var reader = new PartReader(file);
        try
        {
            if (head[4..8].SequenceEqual("ftyp"u8)) return Mp4.Read(reader);
            if (head[..4].SequenceEqual("RIFF"u8) && head[8..].SequenceEqual("AVI "u8)) return Avi.Read(reader);
            return head[..4].SequenceEqual(Matroska.Signature) ? Matroska.Read(reader) : new();
        }
        catch (EndOfStreamException)
        {
            return new() { Truncation = "truncated: it ends within its header" };
        }
    }

    /// <summary>How a part that should hold the frames was cut off, or null if little of it is missing.</summary>
    /// <param name="at">Where the part begins, in bytes.</param>
    /// <param name="size">Its declared length in bytes.</param>
    /// <param name="length">The file's length in bytes.</param>
    public static string? TruncationOf(long at, long size, long length) => at + size - length > VideoDecoder.MaxMissing * size
        ? $"truncated: its frames extend to byte {at + size}, but the file ends at byte {length}"
        : null;
}
