using System.Collections.Concurrent;
using TimeSformer.Torch;
using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Data;

/// <summary>A clip (T, S, S, 3), or the clips by which a video is judged (V·C, T, S, S, 3), uint8, and the class.</summary>
public sealed record VideoClip(Tensor Frames, int Label) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Frames.Dispose();
}

/// <summary>Stacked clips (B, ...), uint8, and their classes (B), int64.</summary>
public sealed record ClipBatch(Tensor Clips, Tensor Labels) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Clips.Dispose();
        Labels.Dispose();
    }
}

/// <summary>
/// Clips of listed videos. For training (with an augmentation) a clip is a random stretch and crop, the same for the same seed, epoch and
/// index, and a video that cannot be decoded is replaced by the next one that can. For evaluation it is the middle, or all the given views,
/// and a broken video gives null. Either way broken ones are remembered. Safe to call from several threads.
/// </summary>
public sealed class VideoDataset(VideoList videos, ClipFormat clip, Augmentation? augmentation = null, long seed = 0, long cacheBytes = 0, TestViews? views = null)
    : IDisposable
{
    private readonly ConcurrentDictionary<string, string> broken = new();
    private readonly ConcurrentDictionary<string, (VideoInfo Announced, Tensor Frames)> cache = new();
    private long cachedBytes;

    /// <summary>Decides the randomness together with the seed; set between epochs.</summary>
    public long Epoch { get; set; }

    /// <summary>Videos that could not be decoded, with the cause.</summary>
    public IReadOnlyDictionary<string, string> BrokenFiles => broken;

    /// <summary>The number of videos.</summary>
    public long Count => videos.Items.Count;

    /// <summary>Batches of the clips of these indices in their order, decoded ahead by threads; null where all videos of a batch are broken.</summary>
    public DataLoader<VideoClip?, ClipBatch?> Batches(IEnumerable<long> order, int batchSize, int workers) => new(GetTensor, Collate, order, batchSize, workers);

    /// <summary>The clip, or the clips, of the video of an index.</summary>
    /// <exception cref="VideoException">In training, not one of the videos can be decoded.</exception>
    public VideoClip? GetTensor(long index)
    {
        for (long attempt = 0; attempt < (augmentation is null ? 1 : Count); attempt++)
        {
            var item = videos.Items[(int)((index + attempt) % Count)];
            if (broken.ContainsKey(item.Path)) continue;
            try
            {
                return new(Read(item.Path, index), item.Label);
            }
            catch (VideoException error)
            {
                broken[item.Path] = error.Cause;
            }
        }
        return augmentation is null ? null : throw new VideoException(videos.Items[(int)index].Path, $"neither this nor any other of the {Count} videos can be decoded");
    }

    /// <summary>Stacks clips into a batch and disposes them; null if all are null.</summary>
    public static ClipBatch? Collate(IEnumerable<VideoClip?> clips)
    {
        using var scope = NewDisposeScope();
        var present = clips.OfType<VideoClip>().ToArray();
        if (present.Length == 0) return null;
        scope.Attach(present.Select(clip => clip.Frames));
        var frames = stack(present.Select(clip => clip.Frames));
        var labels = tensor(present.Select(clip => (long)clip.Label).ToArray());
        var batch = new ClipBatch(frames, labels);
        scope.Detach(frames, labels);
        return batch;
    }

    /// <summary>The middle clip of a video, as evaluation sees it: (T, S, S, 3), uint8.</summary>
    /// <exception cref="VideoException">The file cannot be decoded or has fewer frames than the clip.</exception>
    public static Tensor CentreClip(string path, ClipFormat clip)
    {
        using var clips = TestClips(path, clip, new());
        return clips.squeeze(0);
    }

    /// <summary>The clips by which a video is judged: (V·C, T, S, S, 3), uint8.</summary>
    /// <exception cref="VideoException">The file cannot be decoded or has fewer frames than a clip.</exception>
    public static Tensor TestClips(string path, ClipFormat clip, TestViews views)
    {
        using var reader = IVideo.Open(path);
        using var frames = reader.ReadFrames(video => views.Sample(LongEnough(path, video, clip), clip));
        return views.Cut(frames, clip);
    }

    private Tensor Read(string path, long index)
    {
        if (augmentation is null) return views is null ? CentreClip(path, clip) : TestClips(path, clip, views);
        // Time and space draw from sources of their own: a video that ends early draws its stretch twice.
        int[] Sample(VideoInfo video) => ClipSampler.Random(LongEnough(path, video, clip), clip, Seeds.For(seed, Epoch, 2 * index));
        using var frames = Frames(path, Sample);
        return augmentation.Apply(frames, clip.CropSize, Seeds.For(seed, Epoch, (2 * index) + 1));
    }

    private Tensor Frames(string path, Func<VideoInfo, int[]> sample)
    {
        if (cache.TryGetValue(path, out var video)) return Choose(video.Announced, video.Frames, sample);
        using var reader = IVideo.Open(path);
        var announced = reader.Info;
        long bytes = (long)announced.Width * announced.Height * 3 * announced.FrameCount;
        // Taken before it is used, so that threads together keep the bound.
        if (Interlocked.Add(ref cachedBytes, bytes) > cacheBytes)
        {
            Interlocked.Add(ref cachedBytes, -bytes);
            return reader.ReadFrames(sample);
        }
        Tensor? all = null;
        bool kept = false;
        try
        {
            // The cache owns it, whatever scope the caller has open.
            all = reader.ReadFrames(info => [.. Enumerable.Range(0, info.FrameCount)]).DetachFromDisposeScope();
            kept = cache.TryAdd(path, (announced, all));
            return Choose(announced, all, sample);
        }
        finally
        {
            if (!kept)
            {
                Interlocked.Add(ref cachedBytes, -bytes);
                all?.Dispose();
            }
        }
    }

    // As VideoReader chooses: by the announced length first, by the true one where that goes past the end.
    private static Tensor Choose(VideoInfo announced, Tensor frames, Func<VideoInfo, int[]> sample)
    {
        int count = (int)frames.shape[0];
        var chosen = sample(announced);
        if (chosen.Max() >= count) chosen = sample(announced with { FrameCount = count });
        using var indices = tensor(Array.ConvertAll(chosen, index => (long)index));
        return frames.index_select(0, indices); // (T, H, W, 3)
    }

    private static VideoInfo LongEnough(string path, VideoInfo video, ClipFormat clip) => clip.CoversVideo || video.FrameCount >= clip.Frames
        ? video
        : throw new VideoException(path, $"it has {video.FrameCount} frames, a clip needs {clip.Frames}");

    /// <summary>Frees the cached frames.</summary>
    public void Dispose()
    {
        foreach (var (_, frames) in cache.Values) frames.Dispose();
    }
}
