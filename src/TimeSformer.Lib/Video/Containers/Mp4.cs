namespace TimeSformer.Video.Containers;

/// <summary>MP4 and QuickTime (ISO/IEC 14496-12): boxes with a big-endian size, a four-letter type and content.</summary>
internal static class Mp4
{
    // The boxes that are entered; a track's sample table lies in moov/trak/mdia/minf/stbl.
    private static readonly HashSet<string> entered = ["moov", "trak", "edts", "mdia", "minf", "stbl"];
    private const int MaxDepth = 5;

    public static Container Read(PartReader reader)
    {
        var file = new Contents();
        Boxes(reader, 0, reader.Length, 0, file);
        if (file.Truncation is not null && !file.HasIndex) return new() { Fault = file.Truncation };
        if (reader.GaveUp) return new() { Truncation = file.Truncation };
        if (!file.HasIndex) return new() { Fault = "damaged: it has no index of its frames (moov)" };
        var video = file.Tracks.Find(track => track.Handler == "vide");
        if (video is null) return new() { Fault = file.Tracks.Exists(track => track.Handler is not null) ? "it has no video track" : null };
        bool isListed = !file.IsFragmented && video.Samples > 0;
        return new()
        {
            Truncation = file.Truncation,
            Frames = isListed ? video.FramesShown(file.TimeScale) : null,
            ConstantRate = isListed && video.ShowsAllFrames(file.TimeScale) ? video.ConstantRate() : null,
            Mirroring = video.Mirroring,
        };
    }

    private static void Boxes(PartReader reader, long at, long end, int depth, Contents file)
    {
        while (at + 8 <= end && reader.Next())
        {
            long size = reader.UInt32BigEndian(at), header = 8;
            var type = reader.FourCC(at + 4);
            if (size == 1 && at + 16 <= end) (size, header) = (reader.Int64BigEndian(at + 8), 16);
            else if (size == 0) size = end - at;
            if (size < header || size > long.MaxValue - at) return; // junk after the last box
            var (content, next) = (at + header, Math.Min(at + size, end));
            if (type == "trak") file.Tracks.Add(new());
            if (depth == 0)
            {
                if (type == "mdat") file.Truncation ??= Container.TruncationOf(at, size, reader.Length);
                file.HasIndex |= type == "moov" && at + size <= reader.Length;
                file.IsFragmented |= type == "moof";
            }
            if (depth < MaxDepth && entered.Contains(type)) Boxes(reader, content, next, depth + 1, file);
            else if (depth > 0 && next - content >= 12) Leaf(reader, type, content, next, file);
            at += size;
        }
    }

    private static void Leaf(PartReader reader, string type, long at, long end, Contents file)
    {
        bool is64Bit = reader.Byte(at) == 1; // the box's version
        if (type == "mvhd") file.TimeScale = reader.UInt32BigEndian(at + (is64Bit ? 20 : 12));
        if (file.Tracks is not [.., var track]) return;
        switch (type)
        {
            case "tkhd":
                track.Mirroring = Mirroring.Of(k => reader.Int32BigEndian(at + (is64Bit ? 52 : 40) + (4 * k)));
                break;
            case "mdhd":
                track.TimeScale = reader.UInt32BigEndian(at + (is64Bit ? 20 : 12));
                break;
            case "hdlr":
                track.Handler ??= reader.FourCC(at + 8);
                break;
            case "ctts":
                track.FirstOffset = end - at >= 16 ? reader.Int32BigEndian(at + 12) : 0;
                break;
            case "stts":
                foreach (long entry in Entries(8)) track.Add(reader.UInt32BigEndian(entry), reader.UInt32BigEndian(entry + 4));
                break;
            case "elst":
                foreach (long entry in Entries(is64Bit ? 20 : 12))
                {
                    track.Edits.Add(is64Bit
                        ? new(reader.Int64BigEndian(entry), reader.Int64BigEndian(entry + 8))
                        : new(reader.UInt32BigEndian(entry), reader.Int32BigEndian(entry + 4)));
                }
                break;
        }

        // The entries of a table, as many as the box has room for.
        IEnumerable<long> Entries(int size)
        {
            long count = Math.Min(reader.UInt32BigEndian(at + 4), (end - at - 8) / size);
            for (long k = 0; k < count && reader.Next(); k++) yield return at + 8 + (k * size);
        }
    }

    private sealed class Contents
    {
        public bool HasIndex, IsFragmented;
        public long TimeScale;
        public string? Truncation;
        public readonly List<Track> Tracks = [];
    }

    /// <param name="Duration">In the movie's time scale; 0 if unknown.</param>
    /// <param name="MediaTime">Where it starts in the track, in its own time scale; -1 for nothing shown.</param>
    private sealed record Edit(long Duration, long MediaTime);

    private sealed class Track
    {
        private readonly List<(long Count, long Delta)> runs = [];

        public string? Handler;
        public long TimeScale, FirstOffset;
        public Mirroring? Mirroring;
        public readonly List<Edit> Edits = [];

        public long Samples { get; private set; }

        private long Duration { get; set; }

        public void Add(long count, long delta)
        {
            if (count == 0 || Samples + count > VideoDecoder.MaxFrames) return;
            runs.Add((count, delta));
            Samples += count;
            Duration += count * delta;
        }

        /// <summary>Frames shown by the edit list, on average over the track.</summary>
        public int FramesShown(long movieScale)
        {
            double seconds = Edits.Where(edit => edit.MediaTime >= 0).Sum(edit => (double)edit.Duration) / Math.Max(1, movieScale);
            double whole = (double)Duration / Math.Max(1, TimeScale);
            double shown = Edits.Count == 0 || seconds == 0 || whole == 0 ? 1 : Math.Min(1, seconds / whole);
            return (int)Math.Max(1, Math.Round(Samples * shown));
        }

        /// <summary>Whether no edit hides a frame: there is none, or one from the first frame's time to the end.</summary>
        public bool ShowsAllFrames(long movieScale) => Edits is []
            || (Edits is [var edit] && edit.MediaTime >= 0 && edit.MediaTime <= FirstOffset && FramesShown(movieScale) == Samples);

        /// <summary>Frames per second if no frame is more than half a frame's time off an even spacing, else null.</summary>
        public double? ConstantRate()
        {
            double gaps = Samples - 1, step = gaps == 0 ? runs[0].Delta : (Duration - runs[^1].Delta) / gaps;
            if (step <= 0 || TimeScale <= 0) return null;
            double time = 0, index = 0;
            foreach (var (count, delta) in runs)
            {
                // Within a run the distance changes evenly, so its ends suffice.
                double last = Math.Min(index + count, gaps);
                bool isUneven = Math.Abs(time - (index * step)) > step / 2
                    || Math.Abs(time + ((last - index) * delta) - (last * step)) > step / 2;
                if (isUneven) return null;
                (time, index) = (time + (count * delta), index + count);
            }
            return TimeScale / step;
        }
    }
}
