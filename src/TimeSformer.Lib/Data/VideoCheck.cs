using TimeSformer.Video;

namespace TimeSformer.Data;

/// <summary>The result of decoding a video from start to end.</summary>
/// <param name="Item">The video.</param>
/// <param name="Video">Its properties, with the true number of frames, or null if it is broken.</param>
/// <param name="Cause">Why it is broken, or null.</param>
public sealed record CheckedVideo(VideoItem Item, VideoInfo? Video, string? Cause)
{
    /// <summary>The duration in seconds, or 0 if the video is broken.</summary>
    public double Seconds => Video is { } video ? video.FrameCount / video.FramesPerSecond : 0;
}

/// <summary>The number of videos in a class.</summary>
/// <param name="Label">The class label.</param>
/// <param name="Name">The class name.</param>
/// <param name="Videos">All videos of the class.</param>
/// <param name="Broken">Those that cannot be decoded.</param>
public sealed record ClassCount(int Label, string Name, int Videos, int Broken);

/// <summary>Checks all videos of a list and holds the results.</summary>
/// <param name="Videos">The results in the order of the list.</param>
/// <param name="Classes">The numbers of videos per class, ordered by label.</param>
public sealed record VideoCheck(IReadOnlyList<CheckedVideo> Videos, IReadOnlyList<ClassCount> Classes)
{
    /// <summary>The videos that cannot be decoded.</summary>
    public IReadOnlyList<CheckedVideo> Broken => [.. Videos.Where(video => video.Cause is not null)];

    /// <summary>The number of frames of all videos.</summary>
    public long Frames => Videos.Sum(video => (long)(video.Video?.FrameCount ?? 0));

    /// <summary>The durations in seconds of the videos that can be decoded, shortest first.</summary>
    public IReadOnlyList<double> Durations => [.. Videos.Where(video => video.Video is not null).Select(video => video.Seconds).Order()];

    /// <summary>Decodes all frames of all videos.</summary>
    /// <param name="list">The videos.</param>
    /// <param name="workers">The number of videos decoded in parallel.</param>
    /// <param name="progress">Receives the number of videos checked so far.</param>
    /// <param name="cancel">Stops the check.</param>
    /// <exception cref="OperationCanceledException">The check was canceled.</exception>
    public static VideoCheck Run(VideoList list, int workers, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var videos = new CheckedVideo[list.Items.Count];
        int done = 0;
        Parallel.For(0, videos.Length, new() { MaxDegreeOfParallelism = workers, CancellationToken = cancel }, k =>
        {
            videos[k] = Check(list.Items[k], cancel);
            progress?.Report(Interlocked.Increment(ref done));
        });
        var byLabel = videos.ToLookup(video => video.Item.Label);
        return new(videos, [.. list.Classes.Select(Count)]);

        ClassCount Count(string name, int label) =>
            new(label, name, byLabel[label].Count(), byLabel[label].Count(video => video.Cause is not null));
    }

    private static CheckedVideo Check(VideoItem item, CancellationToken cancel)
    {
        try
        {
            using var video = IVideo.Open(item.Path);
            video.Decode(_ => cancel.ThrowIfCancellationRequested());
            return new(item, video.Info, null);
        }
        catch (VideoException error)
        {
            return new(item, null, error.Cause);
        }
    }
}
