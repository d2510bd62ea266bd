using System.Text.Json;
using System.Text.Json.Serialization;
using TimeSformer.Data;
using TimeSformer.Distributed;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Video;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Training;

/// <summary>A video of an evaluation and the class that got the highest score.</summary>
public sealed record ScoredVideo(VideoItem Video, int Predicted)
{
    /// <summary>Whether it is the video's own class.</summary>
    public bool IsRight => Predicted == Video.Label;
}

/// <summary>How often the right class got the highest score, or one of the five highest.</summary>
/// <param name="Top1">Accuracy@1, 0 to 1.</param>
/// <param name="Top5">Accuracy@5, 0 to 1.</param>
/// <param name="Loss">Mean cross entropy.</param>
/// <param name="Clips">Videos evaluated.</param>
/// <param name="Broken">Videos that could not be decoded, with the cause; they count neither way.</param>
public sealed record Evaluation(double Top1, double Top5, double Loss, int Clips, IReadOnlyDictionary<string, string> Broken)
{
    /// <summary>The videos that count, in the list's order.</summary>
    public IReadOnlyList<ScoredVideo> Videos { get; init; } = [];
}

/// <summary>
/// Evaluates a model on videos. A video's scores are the mean of its clips' logits, which ranks the classes as the official code's sum does
/// (utils/meters.py, TestMeter).
/// </summary>
public static class Evaluator
{
    private static readonly JsonSerializerOptions json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Evaluates a model, which is moved to the device and keeps its mode (training or evaluation).</summary>
    /// <param name="model">The model.</param>
    /// <param name="videos">With labels among the model's classes.</param>
    /// <param name="clip">The clips that the model takes.</param>
    /// <param name="batchSize">Clips per forward pass.</param>
    /// <param name="workers">Decoding threads.</param>
    /// <param name="device">cpu, cuda or cuda:N.</param>
    /// <param name="views">The clips of a video; if null, the center crop of its middle.</param>
    /// <param name="precision">Of the forward passes.</param>
    /// <param name="policy">Which imperfect videos are used; by default, <see cref="VideoPolicy.Default"/>.</param>
    /// <param name="world">Processes that evaluate a part of the videos each; all get the whole result.</param>
    /// <param name="onVideos">Called after each batch with the number of this process's videos that are done.</param>
    /// <param name="cancel">Ends the evaluation, if one process makes it.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="InputException">
    /// The views or the device do not exist, no video can be decoded, or the scores are not finite.
    /// </exception>
    public static Evaluation Run(
        VideoModel model, VideoList videos, ClipFormat clip, int batchSize, int workers, string device = "cpu",
        TestViews? views = null, Precision precision = Precision.Float32, VideoPolicy? policy = null,
        ProcessGroup? world = null, Action<int>? onVideos = null, CancellationToken cancel = default)
    {
        using var data = new VideoDataset(videos, clip, views: views, policy: policy);
        return Run(model, data, batchSize, workers, device, precision, world, onVideos, cancel);
    }

    /// <summary>Evaluates a model on a data set for evaluation, which may keep its clips for the next time.</summary>
    /// <inheritdoc cref="Run(VideoModel, VideoList, ClipFormat, int, int, string, TestViews, Precision, VideoPolicy, ProcessGroup,
    /// Action{int}, CancellationToken)"/>
    internal static Evaluation Run(
        VideoModel model, VideoDataset data, int batchSize, int workers, string device, Precision precision, ProcessGroup? world,
        Action<int>? onVideos, CancellationToken cancel)
    {
        using var _ = no_grad();
        var (videos, clip, views) = (data.Videos, data.Clip, data.Views);
        views.Validate(clip);
        var on = ComputeDevice.Named(device);
        using var autocast = Autocast.Begin(precision, on);
        bool wasTraining = model.training;
        model.to(on).eval();
        // Results are read at the end: each time, a GPU would have to finish first.
        using var results = NewDisposeScope();
        var sums = zeros(2, ScalarType.Float64, on);                                          // loss, hits among five
        var (seen, guesses) = (new List<VideoItem>(), new List<Tensor>());
        var (rank, size, all) = (world?.Rank ?? 0, world?.Size ?? 1, data.Count);
        var (first, end) = (rank * all / size, (rank + 1) * all / size);
        var order = Enumerable.Range((int)first, (int)(end - first)).Select(index => (long)index);
        foreach (var batch in data.Batches(order, Math.Max(1, batchSize / views.Count), workers))
        {
            if (world is null) cancel.ThrowIfCancellationRequested();
            if (batch is null) continue;
            using var scope = NewDisposeScope();
            using var owned = batch;
            var clips = batch.Clips.flatten(0, 1);                                            // (B·V·C, T, S, S, 3)
            var parts = clips.split(batchSize).Select(part => model.call(clip.Normalization.Apply(part.UploadTo(on))));
            var logits = cat([.. parts]).to_type(ScalarType.Float32);                         // (B·V·C, classes)
            var scores = Scores(logits, views.Count);                                         // (B, classes)
            var labels = batch.Labels.UploadTo(on);                                           // (B)
            var loss = functional.cross_entropy(scores, labels, reduction: Reduction.Sum);
            var (_, best) = scores.topk((int)Math.Min(5, scores.shape[1]), dim: 1);           // (B, 5)
            var hits = best == labels.unsqueeze(1);
            sums.add_(stack([loss.to_type(ScalarType.Float64), hits.sum().to_type(ScalarType.Float64)]), Arithmetic.One);
            seen.AddRange(batch.Videos);
            guesses.Add(best[.., 0].MoveToOuterDisposeScope());                               // (B)
            onVideos?.Invoke(seen.Count);
        }
        if (wasTraining) model.train();
        var predicted = guesses.Count > 0 ? cat(guesses).cpu().data<long>().ToArray() : [];
        ScoredVideo[] scored = [.. seen.Zip(predicted, (video, label) => new ScoredVideo(video, (int)label))];
        var own = new Part(sums[0].Number(), sums[1].Number(), scored, new Dictionary<string, string>(data.BrokenFiles));
        return Whole(videos, world is null ? [own] : [.. world.AllGather(JsonSerializer.SerializeToUtf8Bytes(own, json)).Select(Read)]);

        static Part Read(byte[] part) => JsonSerializer.Deserialize<Part>(part, json)!;
    }

    // The parts' videos are in the list's order.
    private static Evaluation Whole(VideoList videos, IReadOnlyList<Part> parts)
    {
        ScoredVideo[] scored = [.. parts.SelectMany(part => part.Scored)];
        var broken = parts.SelectMany(part => part.Broken).DistinctBy(file => file.Key).ToDictionary();
        if (scored.Length == 0) throw videos.NoneDecoded(broken);
        double total = parts.Sum(part => part.Loss), five = parts.Sum(part => part.Five), count = scored.Length;
        if (!double.IsFinite(total)) throw new InputException("the model's scores are not finite, so its weights are not either");
        return new(scored.Count(video => video.IsRight) / count, five / count, total / count, scored.Length, broken) { Videos = scored };
    }

    // One process's share of an evaluation: sums of losses and of hits among five, and its videos.
    private sealed record Part(double Loss, double Five, ScoredVideo[] Scored, Dictionary<string, string> Broken);

    /// <summary>Logits of clips (B·n, classes), the n clips of a video in a row, to the scores of the videos (B, classes).</summary>
    internal static Tensor Scores(Tensor logits, int clips) => logits.view(-1, clips, logits.shape[1]).mean([1L]);
}
