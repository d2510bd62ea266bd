namespace TimeSformer.Video.Containers;

/// <summary>AVI: RIFF chunks with a four-letter type and a little-endian size, padded to an even length.</summary>
internal static class Avi
{
    // A placeholder of programs that write the header first and never return to fill in the size.
    private const long UnknownSize = 0x7FFF_F000;

    public static Container Read(PartReader reader)
    {
        var file = new Contents();
        // What follows the last RIFF list is not the video's: some programs fill the last sector with whatever was there.
        for (long at = 0; at + 12 <= reader.Length && reader.FourCC(at) == "RIFF" && reader.Next();)
        {
            long size = reader.UInt32LittleEndian(at + 4);
            long end = size is > 4 and < UnknownSize ? Math.Min(at + 8 + size, reader.Length) : reader.Length;
            Chunks(reader, at + 12, end, depth: 0, file);
            at = end + (end & 1);
        }
        // An index entry without data repeats the frame before it.
        bool isListed = file.Truncation is null && file.Rate > 0 && file.Declared > 0 && file.Declared == file.Indexed && file.Empty == 0;
        return new()
        {
            Truncation = file.Truncation,
            Frames = isListed ? (int)file.Declared : null,
            ConstantRate = isListed ? file.Rate : null,
        };
    }

    private static void Chunks(PartReader reader, long at, long end, int depth, Contents file)
    {
        while (at + 8 <= end && reader.Next())
        {
            var type = reader.FourCC(at);
            long size = reader.UInt32LittleEndian(at + 4), content = at + 8, next = content + size + (size & 1);
            switch (type)
            {
                case "LIST" when content + 4 <= end && reader.FourCC(content) == "movi":
                    if (size < UnknownSize) file.Truncation ??= Container.TruncationOf(at, size + 8, reader.Length);
                    break;
                case "LIST" when content + 4 <= end && depth < 2 && reader.FourCC(content) is "hdrl" or "strl":
                    Chunks(reader, content + 4, Math.Min(next, end), depth + 1, file);
                    break;
                case "strh" when content + 36 <= end:
                    Stream(reader, content, file);
                    break;
                case "idx1" when file.Video >= 0:
                    Index(reader, content, Math.Min(content + size, end), file);
                    break;
            }
            at = next;
        }
    }

    private static void Stream(PartReader reader, long at, Contents file)
    {
        int stream = file.Streams++;
        if (file.Video >= 0 || reader.FourCC(at) != "vids") return;
        file.Video = stream;
        file.Rate = (double)reader.UInt32LittleEndian(at + 24) / reader.UInt32LittleEndian(at + 20);
        if (!double.IsFinite(file.Rate)) file.Rate = 0;
        file.Declared = reader.UInt32LittleEndian(at + 32);
        if (file.Declared > VideoDecoder.MaxFrames) file.Declared = 0;
    }

    private static void Index(PartReader reader, long at, long end, Contents file)
    {
        var (compressed, plain) = ($"{file.Video:00}dc", $"{file.Video:00}db");
        for (; at + 16 <= end && reader.Next(); at += 16)
        {
            var type = reader.FourCC(at);
            if (type != compressed && type != plain) continue;
            file.Indexed++;
            if (reader.UInt32LittleEndian(at + 12) == 0) file.Empty++;
        }
    }

    private sealed class Contents
    {
        public string? Truncation;
        public int Streams, Video = -1;
        public double Rate;
        public long Declared, Indexed, Empty;
    }
}
