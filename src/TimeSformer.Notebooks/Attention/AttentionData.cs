using System.Buffers;
using System.Collections;
using System.IO.Compression;
using TimeSformer.Interpretation;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks.Attention;

/// <summary>The attention of a clip as the page's script reads it; where it would be too large, of cells of several patches.</summary>
/// <param name="Grid">The clip's patches.</param>
/// <param name="ClassTokens">Their names.</param>
/// <param name="Pooled">The cells.</param>
/// <param name="Blocks">L.</param>
/// <param name="Heads">A.</param>
/// <param name="Steps">Each kind of step: its name, and which query cells see which key cells, as bits.</param>
/// <param name="Maps">The maps in order: each one's block and step.</param>
/// <param name="Weights">255 · sqrt(weight) of all maps, heads and pairs of cells that see each other, as bytes.</param>
internal sealed record AttentionData(
    AttentionData.Patches Grid, IReadOnlyList<string> ClassTokens, AttentionData.Pooling Pooled, int Blocks, int Heads,
    IReadOnlyList<AttentionData.Step> Steps, IReadOnlyList<AttentionData.Place> Maps, byte[] Weights)
{
    // About 9 MB on the page.
    private const long MostWeights = 12_000_000, MostPairs = 100_000_000;

    private static readonly Pooling[] poolings =
    [
        new(1, 1, 1, 1), new(2, 1, 1, 1), new(2, 1, 2, 1), new(2, 2, 2, 2), new(4, 2, 4, 2), new(4, 4, 4, 4), new(8, 8, 8, 8),
        new(16, 16, 16, 16),
    ];

    internal sealed record Patches(long Frames, long Height, long Width);

    /// <summary>Patches along a side of a cell, and its frames: of queries, and of keys.</summary>
    internal sealed record Pooling(int QuerySide, int KeySide, int QuerySpan, int KeySpan);

    internal sealed record Step(string Name, byte[] Pattern);

    internal sealed record Place(int Block, int Step);

    public static AttentionData Of(AttentionRecord record)
    {
        using var scope = NewDisposeScope();
        var kinds = record.Maps.DistinctBy(map => map.Step).ToList();
        int blocks = record.Maps.Max(map => map.Block) + 1, heads = (int)record.Maps[0].Groups[0].Weights.shape[2];
        foreach (var pooling in poolings)
        {
            var (queries, keys) = (Cells(record, pooling.QuerySide, pooling.QuerySpan), Cells(record, pooling.KeySide, pooling.KeySpan));
            if ((long)queries.Count * keys.Count > MostPairs) continue;
            var patterns = kinds.ToDictionary(map => map.Step, map => Pattern(map, queries, keys));
            long size = record.Maps.Sum(map => heads * patterns[map.Step].LongCount(seen => seen));
            if (size > MostWeights && pooling != poolings[^1]) continue;
            var weights = new ArrayBufferWriter<byte>((int)size);
            foreach (var map in record.Maps) Write(map, queries, keys, patterns[map.Step], weights);
            return new(
                new(record.Grid.Frames, record.Grid.Height, record.Grid.Width), [.. Names(record)], pooling, blocks, heads,
                [.. kinds.Select(map => new Step(map.Step, Deflated(Bits(patterns[map.Step]))))],
                [.. record.Maps.Select(map => new Place(map.Block, kinds.FindIndex(kind => kind.Step == map.Step)))],
                Deflated(weights.WrittenSpan));
        }
        throw new InvalidOperationException();
    }

    private static IEnumerable<string> Names(AttentionRecord record) => (record.ClassTokens - record.Grid.Frames) switch
    {
        0 when record.ClassTokens > 1 => Enumerable.Range(1, record.ClassTokens).Select(frame => $"class token of frame {frame}"),
        1 when record.ClassTokens > 1 => Enumerable.Range(0, record.ClassTokens)
            .Select(moment => moment == 0 ? "class token in time" : $"class token of moment {moment}"),
        _ => Enumerable.Repeat("the class token", record.ClassTokens),
    };

    // The cell of each token (S): class tokens first, then cells (h, w, t) as patches are numbered.
    private static (long[] Of, int Count) Cells(AttentionRecord record, int side, int span)
    {
        var (_, frames, height, width) = record.Grid;
        long Up(long count, int by) => (count + by - 1) / by;
        var cells = new List<long>(record.Count);
        for (int k = 0; k < record.ClassTokens; k++) cells.Add(k);
        for (long h = 0; h < height; h++)
        {
            for (long w = 0; w < width; w++)
            {
                long place = ((h / side * Up(width, side)) + (w / side)) * Up(frames, span);
                for (long t = 0; t < frames; t++) cells.Add(record.ClassTokens + place + (t / span));
            }
        }
        return ([.. cells], (int)(record.ClassTokens + (Up(height, side) * Up(width, side) * Up(frames, span))));
    }

    // Which query cell sees which key cell: (queries · keys).
    private static bool[] Pattern(AttentionMap map, (long[] Of, int Count) queries, (long[] Of, int Count) keys)
    {
        var pattern = new bool[queries.Count * keys.Count];
        foreach (var group in map.Groups)
        {
            var tokens = group.Tokens.cpu().data<long>().ToArray();
            foreach (var members in tokens.Chunk((int)group.Tokens.shape[1]))
            {
                var seen = members.Select(token => keys.Of[token]).Distinct().ToList();
                foreach (var query in members.Select(token => queries.Of[token]).Distinct())
                {
                    foreach (var key in seen) pattern[(query * keys.Count) + key] = true;
                }
            }
        }
        return pattern;
    }

    private static void Write(
        AttentionMap map, (long[] Of, int Count) queries, (long[] Of, int Count) keys, bool[] pattern, ArrayBufferWriter<byte> to)
    {
        using var scope = NewDisposeScope();
        var device = map.Groups[0].Tokens.device;
        var pooled = map.Pool(tensor(queries.Of, device: device), queries.Count, tensor(keys.Of, device: device), keys.Count);
        var levels = pooled[0].sqrt().Times(255).round().to_type(ScalarType.Byte).cpu().contiguous().bytes;  // (A, queries, keys)
        for (int start = 0; start < levels.Length; start += pattern.Length)
        {
            var head = levels.Slice(start, pattern.Length);
            var span = to.GetSpan(pattern.Length);
            int count = 0;
            for (int k = 0; k < pattern.Length; k++) if (pattern[k]) span[count++] = head[k];
            to.Advance(count);
        }
    }

    private static byte[] Bits(bool[] pattern)
    {
        var bytes = new byte[(pattern.Length + 7) / 8];
        new BitArray(pattern).CopyTo(bytes, 0);
        return bytes;
    }

    private static byte[] Deflated(ReadOnlySpan<byte> bytes)
    {
        using var result = new MemoryStream();
        using (var deflate = new ZLibStream(result, CompressionLevel.Optimal)) deflate.Write(bytes);
        return result.ToArray();
    }
}
