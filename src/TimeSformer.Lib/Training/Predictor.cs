using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>A class and its predicted probability, 0 to 1.</summary>
public sealed record ClassScore(int Label, string Name, double Probability)
{
    /// <summary>All classes, the most probable first.</summary>
    /// <param name="logits">(1, classes).</param>
    /// <param name="names">By label.</param>
    public static IReadOnlyList<ClassScore> Of(Tensor logits, IReadOnlyList<string> names)
    {
        using var scope = NewDisposeScope();
        var probabilities = logits.to_type(ScalarType.Float32).softmax(1).cpu().to_type(ScalarType.Float64).data<double>().ToArray();
        return
        [
            .. probabilities.Select((probability, label) => new ClassScore(label, names[label], probability))
                .OrderByDescending(score => score.Probability),
        ];
    }
}

/// <summary>What a window of a stream shows.</summary>
/// <param name="From">Where the window begins, in seconds from the start of the video.</param>
/// <param name="Time">Where it ends.</param>
/// <param name="Classes">All classes, the most probable first.</param>
public sealed record WindowPrediction(double From, double Time, IReadOnlyList<ClassScore> Classes);

/// <summary>Classifies a single video, as a whole or over a sliding window.</summary>
public static class Predictor
{
    /// <summary>All classes, the most probable first.</summary>
    /// <param name="model">The model, which is moved to the device.</param>
    /// <param name="info">Its clips and class names.</param>
    /// <param name="path">The video.</param>
    /// <param name="device">cpu, cuda or cuda:N.</param>
    /// <param name="policy">Which imperfect videos are used; by default, <see cref="VideoPolicy.Default"/>.</param>
    /// <param name="precision">Of the forward pass.</param>
    /// <exception cref="VideoException">The file cannot be decoded, or the policy refuses it.</exception>
    /// <exception cref="InputException">The device is not available.</exception>
    public static IReadOnlyList<ClassScore> Run(
        VideoModel model, ModelInfo info, string path, string device = "cpu", VideoPolicy? policy = null,
        Precision precision = Precision.Float32)
    {
        var on = ComputeDevice.Named(device);
        model.to(on).eval();
        using var frames = VideoDataset.CenterClip(path, info.Clip, policy);
        return Classify(model, info, frames, on, precision);
    }

    /// <summary>
    /// Classifies a sliding window of a video of any length or of a camera, while the next windows are decoded (<see cref="ClipWindows"/>).
    /// </summary>
    /// <param name="model">The model, which is moved to the device.</param>
    /// <param name="info">Its clips and class names.</param>
    /// <param name="source">A video file, or a camera by its number (0 is the first) or its device, such as /dev/video0.</param>
    /// <param name="every">Seconds from the end of a window to that of the next.</param>
    /// <param name="length">Seconds of a window if the model's clips cover the whole video (sampling rate 0).</param>
    /// <param name="device">cpu, cuda or cuda:N.</param>
    /// <param name="policy">Which imperfect videos are used; by default, <see cref="VideoPolicy.Default"/>.</param>
    /// <param name="precision">Of the forward passes.</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="VideoException">
    /// The source cannot be opened, is shorter than a window, or breaks off; the windows before are returned first.
    /// </exception>
    /// <exception cref="InputException">The device is not available.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signaled.</exception>
    public static IEnumerable<WindowPrediction> Stream(
        VideoModel model, ModelInfo info, string source, double every = 1, double length = 4, string device = "cpu",
        VideoPolicy? policy = null, Precision precision = Precision.Float32, CancellationToken cancel = default)
    {
        var on = ComputeDevice.Named(device);
        model.to(on).eval();
        foreach (var window in ClipWindows.Read(source, info.Clip, every, length, policy, cancel))
        {
            using var owned = window;
            yield return new(window.From, window.Time, Classify(model, info, window.Frames, on, precision));
        }
    }

    // The clip is (T, S, S, 3), uint8. Gradients and autocast are settings of the thread, so they end here.
    private static IReadOnlyList<ClassScore> Classify(
        VideoModel model, ModelInfo info, Tensor frames, Device device, Precision precision)
    {
        using var _ = no_grad();
        using var autocast = Autocast.Begin(precision, device);
        using var scope = NewDisposeScope();
        return ClassScore.Of(model.call(info.Normalization.Apply(frames.unsqueeze(0).to(device))), info.Classes);
    }
}
