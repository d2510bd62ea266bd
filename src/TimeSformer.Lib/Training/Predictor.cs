using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>A class and its predicted probability, 0 to 1.</summary>
public sealed record ClassScore(int Label, string Name, double Probability);

/// <summary>Classifies a single video.</summary>
public static class Predictor
{
    /// <summary>All classes, the most probable first.</summary>
    /// <param name="model">The model, which is moved to the device.</param>
    /// <param name="info">Its clips and class names.</param>
    /// <param name="path">The video.</param>
    /// <param name="device">cpu, cuda or cuda:N.</param>
    /// <param name="policy">Which imperfect videos are used; by default, <see cref="VideoPolicy.Default"/>.</param>
    /// <exception cref="VideoException">The file cannot be decoded, or the policy refuses it.</exception>
    /// <exception cref="InputException">The device is not available.</exception>
    public static IReadOnlyList<ClassScore> Run(
        TimeSformerModel model, ModelInfo info, string path, string device = "cpu", VideoPolicy? policy = null)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var on = ComputeDevice.Named(device);
        model.to(on).eval();
        var frames = VideoDataset.CenterClip(path, info.Clip, policy);                                // (T, H, W, C) uint8
        var logits = model.call(info.Normalization.Apply(frames.unsqueeze(0).to(on)));                // (1, classes)
        var probabilities = logits.softmax(1).cpu().to_type(ScalarType.Float64).data<double>().ToArray();
        return
        [
            .. probabilities.Select((probability, label) => new ClassScore(label, info.Classes[label], probability))
                .OrderByDescending(score => score.Probability),
        ];
    }
}
