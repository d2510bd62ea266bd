using TimeSformer.Data;
using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks.FeatureMaps;

/// <summary>Videos as points, near each other where their features are alike: a panel for each model, and the videos' frames.</summary>
/// <param name="Panels">The models' features.</param>
/// <param name="Classes">The class names of all panels; labels count in these.</param>
/// <param name="Videos">The videos of all panels.</param>
/// <param name="Strips">Some frames of each video side by side, as WebP; null if it cannot be decoded.</param>
/// <param name="Side">Height and width of such a frame in pixels.</param>
public sealed record FeatureMap(
    IReadOnlyList<FeaturePanel> Panels, IReadOnlyList<string> Classes, IReadOnlyList<VideoItem> Videos, IReadOnlyList<byte[]?> Strips,
    int Side)
{
    private const int ShownFrames = 6;

    /// <summary>Puts panels side by side and decodes the frames that are shown, smaller ones of more videos.</summary>
    /// <param name="panels">One or more panels, as a rule of the same videos.</param>
    /// <param name="policy">Which imperfect videos are used; by default, <see cref="VideoPolicy.Default"/>.</param>
    /// <param name="progress">Receives the number of videos done.</param>
    /// <param name="broken">Receives the videos that cannot be decoded, with the cause.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="ArgumentException">There is no panel.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FeatureMap Of(
        IReadOnlyList<FeaturePanel> panels, VideoPolicy? policy = null, IProgress<int>? progress = null,
        Action<string, string>? broken = null, CancellationToken cancel = default)
    {
        const int batchSize = 4, workers = 2;
        if (panels.Count == 0) throw new ArgumentException("there is no panel");
        string[] classes = [.. panels.SelectMany(panel => panel.Classes).Distinct()];
        VideoItem[] videos =
        [
            .. panels.SelectMany(panel => panel.Videos.Select(video =>
                video with { Label = Array.IndexOf(classes, panel.Classes[video.Label]) })).DistinctBy(video => video.Path),
        ];
        // Some 40 million pixels in all: 10 MB.
        int side = 2 * (int)(Math.Clamp(56 * Math.Sqrt(2000.0 / videos.Length), 24, 96) / 2);
        var source = panels[0].Source;
        ClipFormat clip = new(source.Frames, source.SamplingRate, side) { ShortSide = source.ShortSide * side / source.CropSize };
        var numbers = videos.Index().ToDictionary(entry => entry.Item.Path, entry => entry.Index);
        var strips = new byte[]?[videos.Length];
        using var data = new VideoDataset(VideoList.Of("the features' videos", videos, classes), clip, policy: policy);
        int done = 0;
        foreach (var batch in data.Batches(Enumerable.Range(0, videos.Length).Select(index => (long)index), batchSize, workers))
        {
            cancel.ThrowIfCancellationRequested();
            if (batch is null) continue;
            using var owned = batch;
            using var scope = NewDisposeScope();
            foreach (var (k, video) in batch.Videos.Index()) strips[numbers[video.Path]] = Strip(batch.Clips[k].squeeze(0));
            progress?.Report(done += batch.Videos.Count);
        }
        foreach (var (path, cause) in data.BrokenFiles) broken?.Invoke(path, cause);
        return new(panels, classes, videos, strips, side);
    }

    // Of frames (T, S, S, 3), some at equal distances.
    private static byte[] Strip(Tensor frames)
    {
        long count = frames.shape[0], shown = Math.Min(ShownFrames, count);
        long[] chosen = [.. Enumerable.Range(0, (int)shown).Select(k => ((2 * k) + 1) * count / (2 * shown))];
        var strip = frames.index_select(0, tensor(chosen)).transpose(0, 1).flatten(1, 2);             // (S, shown·S, 3)
        return Picture.Encoded(strip, ".webp");
    }
}
