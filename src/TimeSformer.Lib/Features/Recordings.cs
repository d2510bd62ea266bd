using System.Text.RegularExpressions;
using TimeSformer.Data;
using TimeSformer.Torch;
using TimeSformer.Video;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Features;

/// <summary>
/// Tells which videos were cut from one recording, by what stands still in them. A model that has seen one of them in training knows the
/// place and the people of the others: a test on those says little.
/// </summary>
public static class Recordings
{
    /// <summary>Height and width of a background.</summary>
    internal const int Side = 16;

    /// <summary>Correlation of backgrounds from which on videos count as of one recording.</summary>
    internal const double SameRecording = 0.95;

    /// <summary>The background of clips: the median over time, gray and small.</summary>
    /// <param name="clips">(B, T, H, W, 3), uint8.</param>
    /// <returns>(B, S·S), float32, each with mean 0 and length 1.</returns>
    internal static Tensor Backgrounds(Tensor clips)
    {
        using var scope = NewDisposeScope();
        var gray = clips.to_type(ScalarType.Float32).mean([4L]);                                      // (B, T, H, W)
        var small = functional.adaptive_avg_pool2d(gray, [Side, Side]);                               // (B, T, S, S)
        var still = small.sort(1).Values[.., (int)small.shape[1] / 2].flatten(1);                     // (B, S·S)
        var centered = still - still.mean([1L], keepdim: true);
        return (centered / centered.norm(1, keepdim: true, p: 2f).Plus(1e-6)).MoveToOuterDisposeScope();
    }

    /// <summary>Looks at videos without a model.</summary>
    /// <param name="videos">The videos.</param>
    /// <param name="policy">Which imperfect videos are used.</param>
    /// <param name="progress">Receives the number of videos done.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <returns>
    /// The backgrounds (N, S·S) of those that can be decoded, their median duration in seconds, and the others with the cause.
    /// </returns>
    /// <exception cref="InputException">No video can be decoded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (Tensor Backgrounds, double MedianSeconds, IReadOnlyDictionary<string, string> Broken) Look(
        VideoList videos, VideoPolicy? policy = null, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        const int frames = 8, size = 64;
        ClipFormat clip = new(frames, SamplingRate: 0, size);
        using var scope = NewDisposeScope();
        var (backgrounds, seconds, broken) = (new List<Tensor>(), new List<double>(), new Dictionary<string, string>());
        foreach (var (k, video) in videos.Items.Index())
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                using var inner = NewDisposeScope();
                var background = Backgrounds(VideoDataset.CenterClip(video.Path, clip, policy).unsqueeze(0));
                using var opened = IVideo.Open(video.Path, policy);
                seconds.Add(opened.Info.FrameCount / opened.Info.FramesPerSecond);
                backgrounds.Add(background.MoveToOuterDisposeScope());
            }
            catch (VideoException error)
            {
                broken[video.Path] = error.Cause;
            }
            progress?.Report(k + 1);
        }
        if (backgrounds.Count == 0) throw videos.NoneDecoded(broken);
        return (cat(backgrounds).MoveToOuterDisposeScope(), seconds.Order().ElementAt(seconds.Count / 2), broken);
    }

    /// <summary>The number of the recording of each video, from 0, in the order in which recordings first appear.</summary>
    /// <param name="backgrounds">(N, S·S), as <see cref="Backgrounds"/> returns them.</param>
    public static IReadOnlyList<int> Of(Tensor backgrounds)
    {
        using var scope = NewDisposeScope();
        int count = (int)backgrounds.shape[0];
        int[] parent = [.. Enumerable.Range(0, count)];
        for (int k = 0; k < count; k++)
        {
            using var inner = NewDisposeScope();
            var alike = backgrounds.mv(backgrounds[k]).data<float>().ToArray();                       // (N)
            for (int other = 0; other < k; other++)
            {
                if (alike[other] >= SameRecording) parent[Root(k)] = Root(other);
            }
        }
        return Numbered(Enumerable.Range(0, count).Select(Root));

        int Root(int k)
        {
            while (parent[k] != k) k = parent[k] = parent[parent[k]];
            return k;
        }
    }

    /// <summary>
    /// The number of the recording of each video, by the videos' names if an expression tells, else by their backgrounds.
    /// </summary>
    /// <param name="videos">The videos.</param>
    /// <param name="backgrounds">Their backgrounds, as <see cref="Backgrounds"/> returns them.</param>
    /// <param name="name">Its first group in a file's name is the recording, such as <c>_g(\d+)_</c> for UCF101; or null.</param>
    /// <exception cref="InputException">The expression is not in a file's name.</exception>
    public static IReadOnlyList<int> Of(IReadOnlyList<VideoItem> videos, Tensor backgrounds, Regex? name) => name is null
        ? Of(backgrounds)
        : Numbered(videos.Select(video => name.Match(Path.GetFileName(video.Path)) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InputException($"{video.Path}: the name does not tell the recording: it has nothing like '{name}'")));

    private static int[] Numbered<T>(IEnumerable<T> recordings)
        where T : notnull
    {
        var numbers = new Dictionary<T, int>();
        return [.. recordings.Select(one => numbers.TryGetValue(one, out int known) ? known : numbers[one] = numbers.Count)];
    }
}
