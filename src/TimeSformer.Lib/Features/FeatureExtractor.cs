using System.Security.Cryptography;
using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Video;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Features;

/// <summary>Makes features of videos by a model whose weights stay as they are.</summary>
/// <param name="model">The model, which is moved to the device.</param>
/// <param name="clip">Its clips.</param>
/// <param name="device">cpu, cuda or cuda:N.</param>
public sealed class FeatureExtractor(VideoModel model, ClipFormat clip, string device = "cpu")
{
    private const int ImageModelFrames = 16;

    private readonly string weights = Fingerprint(model);

    /// <summary>What its features are made with.</summary>
    public FeatureSource Source => new(
        weights, clip.Frames, clip.SamplingRate, clip.CropSize, clip.ShortSide, Colors(clip.Normalization),
        $"{Parts.Time}x{Parts.Height}x{Parts.Width}");

    /// <summary>
    /// Into how many parts of time, height and width the map of a clip is averaged. Where and when something happens is lost in one
    /// average over all: on UT-Interaction, frozen image features in one part tell 43 % of the held-out videos, in 4x3x3 parts about 70 %.
    /// </summary>
    public (int Time, int Height, int Width) Parts { get; init; } = (4, 3, 3);

    /// <summary>Which imperfect videos are used; by default, <see cref="VideoPolicy.Default"/>.</summary>
    public VideoPolicy? Policy { get; init; }

    /// <summary>
    /// The clips that a model's features are made of: its own or, of a model that does not know any because it is one for images, 16 frames
    /// spread over the whole video.
    /// </summary>
    public static ClipFormat ClipOf(ModelInfo info)
    {
        bool IsAssumed(string option) => info.Assumed.Any(assumption => assumption.Option == option);
        return info.Clip with
        {
            Frames = IsAssumed("--frames") ? ImageModelFrames : info.Clip.Frames,
            SamplingRate = IsAssumed("--sampling-rate") ? 0 : info.Clip.SamplingRate,
        };
    }

    /// <summary>The features of the center clips of videos. Videos that cannot be decoded are left out.</summary>
    /// <param name="videos">The videos.</param>
    /// <param name="progress">Receives the number of videos done.</param>
    /// <param name="broken">Receives the videos that cannot be decoded, with the cause.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="InputException">No video can be decoded, or the device is not available.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FeatureSet Run(
        VideoList videos, IProgress<int>? progress = null, Action<string, string>? broken = null, CancellationToken cancel = default)
    {
        const int batchSize = 4, workers = 2;
        using var _ = no_grad();
        var on = ComputeDevice.Named(device);
        model.to(on).eval();
        using var data = new VideoDataset(videos, clip, policy: Policy);
        using var scope = NewDisposeScope();
        var (seen, values, backgrounds) = (new List<VideoItem>(), new List<Tensor>(), new List<Tensor>());
        foreach (var batch in data.Batches(Enumerable.Range(0, videos.Items.Count).Select(index => (long)index), batchSize, workers))
        {
            cancel.ThrowIfCancellationRequested();
            if (batch is null) continue;
            using var inner = NewDisposeScope();
            using var owned = batch;
            var clips = batch.Clips.squeeze(1);                                                       // (B, T, S, S, 3)
            var map = model.forward_map(clip.Normalization.Apply(clips.UploadTo(on)));                // (B, T', H', W', D)
            var (time, height, width) = Parts;
            var parts = functional.adaptive_avg_pool3d(map.permute(0, 4, 1, 2, 3), [time, height, width]); // (B, D, time, height, width)
            values.Add(parts.flatten(1).to_type(ScalarType.Float32).cpu().MoveToOuterDisposeScope());  // (B, F)
            backgrounds.Add(Recordings.Backgrounds(clips).MoveToOuterDisposeScope());
            seen.AddRange(batch.Videos);
            progress?.Report(seen.Count);
        }
        foreach (var (path, cause) in data.BrokenFiles) broken?.Invoke(path, cause);
        if (seen.Count == 0) throw videos.NoneDecoded(data.BrokenFiles);
        return new(Source, seen, videos.Classes, cat(values).MoveToOuterDisposeScope(), cat(backgrounds).MoveToOuterDisposeScope());
    }

    private static string Colors(ClipNormalization colors) =>
        $"mean {ClipNormalization.Text(colors.Mean)}, std {ClipNormalization.Text(colors.Std)}";

    private static string Fingerprint(VideoModel model)
    {
        using var _ = no_grad();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var weight in model.state_dict().Values)
        {
            using var scope = NewDisposeScope();
            using var values = weight.to_type(ScalarType.Float32).cpu().contiguous();
            hash.AppendData(values.bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
