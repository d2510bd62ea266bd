using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Video;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Training;

/// <summary>Measures a model on videos: one clip from the middle of each, its centre crop.</summary>
public static class Evaluator
{
    /// <summary>Evaluates; the model is moved to the device and left in the mode in which it came.</summary>
    public static Evaluation Run(TimeSformerModel model, VideoList videos, ClipRecipe clip, int batchSize, int workers, string device = "cpu")
    {
        using var _ = no_grad();
        var on = ComputeDevice.Named(device);
        bool wasTraining = model.training;
        model.to(on).eval();
        long first = 0, five = 0, count = 0;
        double loss = 0;
        using var data = new VideoDataset(videos, clip);
        using var loader = new DataLoader<VideoClip?, ClipBatch?>(
            data, batchSize, VideoDataset.Collate, shuffle: false, num_worker: workers, disposeBatch: false, disposeDataset: false);
        foreach (var batch in loader)
        {
            if (batch is null) continue;
            using var scope = NewDisposeScope();
            using var owned = batch;
            var logits = model.call(ClipNormalization.Default.Apply(batch.Clips.to(on)));   // (B, classes)
            var labels = batch.Labels.to(on);                                                 // (B)
            loss += functional.cross_entropy(logits, labels, reduction: Reduction.Sum).item<float>();
            var (_, best) = logits.topk((int)Math.Min(5, logits.shape[1]), dim: 1);           // (B, 5)
            var hits = best == labels.unsqueeze(1);
            first += hits[.., 0].sum().item<long>();
            five += hits.sum().item<long>();
            count += labels.shape[0];
        }
        if (wasTraining) model.train();
        double of = Math.Max(1, count);
        return new(first / of, five / of, loss / of, (int)count, data.BrokenFiles);
    }
}
