using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>A class and the probability that a model gives it.</summary>
public sealed record ClassScore(int Label, string Name, double Probability);

/// <summary>Recognises a single video.</summary>
public static class Predictor
{
    /// <summary>All classes, the most probable first.</summary>
    /// <exception cref="VideoException">The file cannot be decoded.</exception>
    public static IReadOnlyList<ClassScore> Run(TimeSformerModel model, ModelInfo info, string path, string device = "cpu")
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var on = ComputeDevice.Named(device);
        model.to(on).eval();
        var frames = VideoDataset.CentreClip(path, info.Clip);                                        // (T, H, W, C) uint8
        var logits = model.call(ClipNormalization.Default.Apply(frames.unsqueeze(0).to(on)));               // (1, classes)
        var probabilities = logits.softmax(1).cpu().to_type(ScalarType.Float64).data<double>().ToArray();
        return [.. probabilities.Select((probability, label) => new ClassScore(label, info.Classes[label], probability)).OrderByDescending(score => score.Probability)];
    }
}
