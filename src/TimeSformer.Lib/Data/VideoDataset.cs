using System.Collections.Concurrent;
using TimeSformer.Torch;
using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Data;

/// <summary>A clip (T, S, S, 3), or the test clips of a video (V·C, T, S, S, 3), uint8, with the video it is from.</summary>
public sealed record VideoClip(Tensor Frames, VideoItem Video) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Frames.Dispose();
}

/// <summary>A batch of clips (B, ...), uint8, with their class labels (B), int64, and the B videos they are from.</summary>
public sealed record ClipBatch(Tensor Clips, Tensor Labels, IReadOnlyList<VideoItem> Videos) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Clips.Dispose();
        Labels.Dispose();
    }
}

/// <summary>
/// The clips of a list of videos. In training (with an augmentation), a clip is a random span and crop that depends only on seed, epoch and
/// index, and a broken video is replaced by the next one that can be decoded. In evaluation it is the center clip, or all clips of the
/// given views, and a broken video yields null. Thread-safe.
/// </summary>
/// <param name="augmentation">Null for evaluation.</param>
/// <param name="cacheBytes">
/// The most memory that decoded videos may occupy between epochs, in evaluation test clips between evaluations.
/// </param>
/// <param name="views">The views for evaluation; by default a single center clip.</param>
/// <param name="policy">Which imperfect videos are used; by default, <see cref="VideoPolicy.Default"/>.</param>
public sealed class VideoDataset(
    VideoList videos, ClipFormat clip, Augmentation? augmentation = null, long seed = 0, long cacheBytes = 0, TestViews? views = null,
    VideoPolicy? policy = null) : IDisposable
{
    private readonly ConcurrentDictionary<string, string> broken = new();
    private readonly ConcurrentDictionary<string, (VideoInfo Declared, Tensor Frames)> cache = new();
    private readonly ConcurrentDictionary<string, Tensor> testClips = new();
    private long cachedBytes;

    /// <summary>The epoch, which determines the random numbers together with the seed; set it between epochs.</summary>
    public long Epoch { get; set; }

    /// <summary>The videos that could not be decoded so far, with the cause.</summary>
    public IReadOnlyDictionary<string, string> BrokenFiles => broken;

    /// <summary>The videos.</summary>
    public VideoList Videos => videos;

    /// <summary>The clips that a model takes.</summary>
    public ClipFormat Clip => clip;

    /// <summary>The views for evaluation.</summary>
    public TestViews Views { get; } = views ?? new();

    /// <summary>The number of videos.</summary>
    public long Count => videos.Items.Count;

    /// <summary>Loads clips in batches, ahead of time on `workers` threads. A batch whose videos are all broken is null.</summary>
    public DataLoader<VideoClip?, ClipBatch?> Batches(IEnumerable<long> order, int batchSize, int workers) =>
        new(GetTensor, Collate, order, batchSize, workers);

    /// <summary>Loads the clip or clips of the video with the given index; null if it is broken, in evaluation.</summary>
    /// <exception cref="VideoException">In training: none of the videos can be decoded.</exception>
    public VideoClip? GetTensor(long index)
    {
        for (long attempt = 0; attempt < (augmentation is null ? 1 : Count); attempt++)
        {
            var item = videos.Items[(int)((index + attempt) % Count)];
            // An evaluation tries again: what failed once may have been the disk's fault.
            if (augmentation is not null && broken.ContainsKey(item.Path)) continue;
            try
            {
                var frames = Read(item.Path, index);
                if (augmentation is null) broken.TryRemove(item.Path, out _);
                return new(frames, item);
            }
            catch (VideoException error)
            {
                broken[item.Path] = error.Cause;
            }
        }
        if (augmentation is null) return null;
        throw new VideoException(videos.Items[(int)index].Path, $"neither this nor any other of the {Count} videos can be decoded");
    }

    /// <summary>Stacks the clips that are not null into a batch and disposes them; null if all are null.</summary>
    public static ClipBatch? Collate(IEnumerable<VideoClip?> clips)
    {
        using var scope = NewDisposeScope();
        var present = clips.OfType<VideoClip>().ToArray();
        if (present.Length == 0) return null;
        scope.Attach(present.Select(clip => clip.Frames));
        var frames = stack(present.Select(clip => clip.Frames));
        var labels = tensor(present.Select(clip => (long)clip.Video.Label).ToArray());
        scope.Detach(frames, labels);
        return new(frames, labels, [.. present.Select(clip => clip.Video)]);
    }

    /// <summary>The center clip of a video, as used in evaluation: (T, S, S, 3), uint8.</summary>
    /// <exception cref="VideoException">The file cannot be decoded, or the policy refuses it.</exception>
    public static Tensor CenterClip(string path, ClipFormat clip, VideoPolicy? policy = null)
    {
        using var clips = TestClips(path, clip, new(), policy);
        return clips.squeeze(0);
    }

    /// <summary>The test clips of a video: (V·C, T, S, S, 3), uint8.</summary>
    /// <exception cref="VideoException">The file cannot be decoded, or the policy refuses it.</exception>
    public static Tensor TestClips(string path, ClipFormat clip, TestViews views, VideoPolicy? policy = null)
    {
        using var reader = IVideo.Open(path, policy);
        using var frames = reader.ReadFrames(video => views.Sample(RequireLength(path, video, clip, policy), clip), views.ShortSide(clip));
        return views.Crop(frames, clip);
    }

    private Tensor Read(string path, long index)
    {
        if (augmentation is null) return TestClips(path);
        var random = Seeds.For(seed, Epoch, (2 * index) + 1);
        var transform = augmentation.Transform(clip.CropSize, random);
        using var frames = Frames(path, Sample, transform.ShortSide);
        return augmentation.Apply(frames, transform, random);

        // Sampling and augmentation have generators of their own, because a video that ends early is sampled twice.
        int[] Sample(VideoInfo video)
        {
            FrameTensor.CheckSize(path, FrameTensor.Size(video, transform.ShortSide)); // to which cached frames are scaled too
            return ClipSampler.Random(RequireLength(path, video, clip, policy), clip, Seeds.For(seed, Epoch, 2 * index));
        }
    }

    // The same each time.
    private Tensor TestClips(string path)
    {
        if (testClips.TryGetValue(path, out var kept)) return kept.alias();
        var clips = TestClips(path, clip, Views, policy).DetachFromDisposeScope();
        long bytes = clips.numel();
        if (Interlocked.Add(ref cachedBytes, bytes) <= cacheBytes && testClips.TryAdd(path, clips)) return clips.alias();
        Interlocked.Add(ref cachedBytes, -bytes);
        return clips;
    }

    private Tensor Frames(string path, Func<VideoInfo, int[]> sample, int shortSide)
    {
        if (cache.TryGetValue(path, out var video)) return Select(video.Declared, video.Frames, sample);
        using var reader = IVideo.Open(path, policy);
        var declared = reader.Info;
        long bytes = (long)declared.Width * declared.Height * 3 * declared.FrameCount;
        // Reserved before decoding, so that all threads together stay within the limit.
        if (Interlocked.Add(ref cachedBytes, bytes) > cacheBytes)
        {
            Interlocked.Add(ref cachedBytes, -bytes);
            return reader.ReadFrames(sample, shortSide);
        }
        Tensor? all = null;
        bool kept = false;
        try
        {
            // The cache owns the frames, whatever dispose scope the caller has open.
            all = reader.ReadFrames(info => [.. Enumerable.Range(0, info.FrameCount)]).DetachFromDisposeScope();
            kept = cache.TryAdd(path, (declared, all));
            return Select(declared, all, sample);
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

    // As in VideoReader: sampled with the declared length first, and with the true one if that goes past the end.
    private static Tensor Select(VideoInfo declared, Tensor frames, Func<VideoInfo, int[]> sample)
    {
        int count = (int)frames.shape[0];
        var selected = sample(declared);
        if (selected.Max() >= count) selected = sample(declared with { FrameCount = count });
        using var indices = tensor(Array.ConvertAll(selected, index => (long)index));
        return frames.index_select(0, indices); // (T, H, W, 3)
    }

    private static VideoInfo RequireLength(string path, VideoInfo video, ClipFormat clip, VideoPolicy? policy) =>
        (policy ?? VideoPolicy.Default).RepeatFrames || clip.CoversVideo || video.FrameCount >= clip.Frames
            ? video
            : throw new VideoException(path, $"the video has {video.FrameCount} frames, but a clip needs {clip.Frames}");

    /// <summary>Frees the cached frames and clips.</summary>
    public void Dispose()
    {
        foreach (var (_, frames) in cache.Values) frames.Dispose();
        foreach (var clips in testClips.Values) clips.Dispose();
    }
}
