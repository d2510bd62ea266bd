using TimeSformer.Video;

namespace TimeSformer.Data;

/// <summary>A video decoded from start to end: its properties with the true number of frames, or the cause if it is broken.</summary>
public sealed record CheckedVideo(VideoItem Item, VideoInfo? Video, string? Cause)
{
    /// <summary>The duration in seconds, or 0 if the video is broken.</summary>
    public double Seconds => Video is { } video ? video.FrameCount / video.FramesPerSecond : 0;
}

/// <summary>The numbers of videos in a class and of those that cannot be decoded.</summary>
public sealed record ClassCount(int Label, string Name, int Videos, int Broken);

/// <summary>The results of checking all videos, in the order of their list, and counts per class, ordered by label.</summary>
public sealed record VideoCheck(IReadOnlyList<CheckedVideo> Videos, IReadOnlyList<ClassCount> Classes)
{
    /// <summary>The videos that cannot be decoded.</summary>
    public IReadOnlyList<CheckedVideo> Broken => [.. Videos.Where(video => video.Cause is not null)];

    /// <summary>The number of frames of all videos.</summary>
    public long Frames => Videos.Sum(video => (long)(video.Video?.FrameCount ?? 0));

    /// <summary>The durations in seconds of the videos that can be decoded, shortest first.</summary>
    public IReadOnlyList<double> Durations => [.. Videos.Where(video => video.Video is not null).Select(video => video.Seconds).Order()];

    /// <summary>Decodes all frames of all videos.</summary>
    /// <param name="policy">Which imperfect videos pass; by default, <see cref="VideoPolicy.Default"/>.</param>
    /// <param name="progress">Receives the number of videos checked so far.</param>
    /// <exception cref="OperationCanceledException">The check was canceled.</exception>
    public static VideoCheck Run(
        VideoList list, int workers, VideoPolicy? policy = null, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var videos = new CheckedVideo[list.Items.Count];
        int done = 0;
        Parallel.For(0, videos.Length, new() { MaxDegreeOfParallelism = workers, CancellationToken = cancel }, k =>
        {
            videos[k] = Check(list.Items[k], policy, cancel);
            progress?.Report(Interlocked.Increment(ref done));
        });
        var byLabel = videos.ToLookup(video => video.Item.Label);
        return new(videos, [.. list.Classes.Select(Count)]);

        ClassCount Count(string name, int label) =>
            new(label, name, byLabel[label].Count(), byLabel[label].Count(video => video.Cause is not null));
    }

    private static CheckedVideo Check(VideoItem item, VideoPolicy? policy, CancellationToken cancel)
    {
        try
        {
            using var video = IVideo.Open(item.Path, policy);
            video.Decode(_ => cancel.ThrowIfCancellationRequested());
            return new(item, video.Info, null);
        }
        catch (VideoException error)
        {
            return new(item, null, error.Cause);
        }
    }
}
