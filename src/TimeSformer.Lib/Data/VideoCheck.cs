using TimeSformer.Video;

namespace TimeSformer.Data;

/// <summary>A video that was decoded from beginning to end, or could not be.</summary>
/// <param name="Item">Which.</param>
/// <param name="Video">What it is, with its true number of frames; null where it is broken.</param>
/// <param name="Cause">Why it is broken; else null.</param>
public sealed record CheckedVideo(VideoItem Item, VideoInfo? Video, string? Cause)
{
    /// <summary>Its length in seconds; 0 where it is broken.</summary>
    public double Seconds => Video is { } video ? video.FrameCount / video.FramesPerSecond : 0;
}

/// <summary>Videos of a class.</summary>
/// <param name="Label">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Videos">In the list.</param>
/// <param name="Broken">Of these, such as cannot be decoded.</param>
public sealed record ClassCount(int Label, string Name, int Videos, int Broken);

/// <summary>What a list's videos are like.</summary>
/// <param name="Videos">In the order of the list.</param>
/// <param name="Classes">By label.</param>
public sealed record VideoCheck(IReadOnlyList<CheckedVideo> Videos, IReadOnlyList<ClassCount> Classes)
{
    /// <summary>Videos that cannot be decoded.</summary>
    public IReadOnlyList<CheckedVideo> Broken => [.. Videos.Where(video => video.Cause is not null)];

    /// <summary>Frames of all videos.</summary>
    public long Frames => Videos.Sum(video => (long)(video.Video?.FrameCount ?? 0));

    /// <summary>Lengths in seconds of the videos that decode, the shortest first.</summary>
    public IReadOnlyList<double> Durations => [.. Videos.Where(video => video.Video is not null).Select(video => video.Seconds).Order()];

    /// <summary>Decodes all frames of all videos.</summary>
    /// <param name="list">The videos.</param>
    /// <param name="workers">Videos at a time.</param>
    /// <param name="progress">Told the number of videos done.</param>
    /// <param name="cancel">Ends the check.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
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
        return new(videos, [.. list.Classes.Select((name, label) => new ClassCount(label, name, byLabel[label].Count(), byLabel[label].Count(video => video.Cause is not null)))]);
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
