using TimeSformer.Checkpoints;
using TimeSformer.Interpretation;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Training;
using TimeSformer.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks.Attention;

/// <summary>A map of what in a clip a prediction rests on.</summary>
/// <param name="Method">How it was made.</param>
/// <param name="Map">(T', H', W'), from <see cref="Relevance.Map"/>.</param>
public sealed record ClipMap(RelevanceMethod Method, Tensor Map);

/// <summary>What a model made of a video's center clip.</summary>
/// <param name="Title">What the clip is.</param>
/// <param name="Frames">(T, S, S, 3), uint8 RGB.</param>
/// <param name="Scores">The classes, the most probable first.</param>
/// <param name="Label">The class that the maps explain.</param>
/// <param name="Maps">One for each method, the one that was asked for first.</param>
/// <param name="Attention">What the tokens attended to, of models that have attention.</param>
public sealed record ClipExplanation(
    string Title, Tensor Frames, IReadOnlyList<ClassScore> Scores, int Label, IReadOnlyList<ClipMap> Maps, AttentionRecord? Attention)
    : IDisposable
{
    /// <summary>Explains what a model makes of a clip: by the method that is asked for, and by those that take no time.</summary>
    /// <param name="title">What the clip is.</param>
    /// <param name="model">The model, which is moved to the device.</param>
    /// <param name="info">Its class names and colors.</param>
    /// <param name="frames">(T, S, S, 3), uint8 RGB, on the CPU.</param>
    /// <param name="name">The class that is explained; the most probable, if null.</param>
    /// <param name="method">The method; <see cref="Relevance.MethodFor"/>, if null.</param>
    /// <param name="device">cpu, cuda or cuda:N.</param>
    /// <param name="progress">Receives the share that is done of a method that takes long, 0 to 1.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="InputException">
    /// The model has no such class, or no attention, which the method needs; or the device is not available.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signaled.</exception>
    public static ClipExplanation Of(
        string title, VideoModel model, ModelInfo info, Tensor frames, string? name = null, RelevanceMethod? method = null,
        string device = "cpu", IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        using var scope = NewDisposeScope();
        var on = ComputeDevice.Named(device);
        model.to(on).eval();
        var clip = info.Normalization.Apply(frames.unsqueeze(0).to(on));                              // (1, 3, T, H, W)
        var record = model is TransformerModel ? AttentionRecorder.Record(model, clip) : null;
        var scores = ClassScore.Of(record?.Logits ?? Logits(model, clip), info.Classes);
        int label = name is null ? scores[0].Label : LabelOf(name, info.Classes);
        RelevanceMethod usual = Relevance.MethodFor(model), first = method ?? usual;
        List<ClipMap> maps = [];
        foreach (var each in new[] { first, usual, RelevanceMethod.Gradient }.Distinct())
        {
            var map = each is RelevanceMethod.Rollout && record is not null
                ? AttentionRollout.Of(record)[0]
                : Relevance.Map(model, clip, label, each, each == first ? progress : null, cancel);
            maps.Add(new(each, map.DetachFromDisposeScope()));
        }
        return new(title, frames.alias().DetachFromDisposeScope(), scores, label, maps, record);
    }

    /// <summary>
    /// All of a video's frames from the first to the last of its center clip, scaled and cropped as the clip, or every second, third and so
    /// on where they would be more than 300.
    /// </summary>
    /// <returns>(K, S, S, 3), uint8 RGB, and how many of them a second has.</returns>
    /// <exception cref="VideoException">The file cannot be decoded, or the policy refuses it.</exception>
    public static (Tensor Frames, double FramesPerSecond) Span(string path, ClipFormat clip, VideoPolicy? policy = null)
    {
        const int most = 300;
        using var reader = IVideo.Open(path, policy);
        int[] sampled = ClipSampler.Center(reader.Info, clip);
        var (first, last) = (sampled[0], sampled[^1]);
        int step = 1 + ((last - first) / most);
        var transform = ClipTransform.Center(clip);
        using var frames = reader.ReadFrames(
            _ => [.. Enumerable.Range(0, 1 + ((last - first) / step)).Select(k => first + (k * step))], transform.ShortSide);
        return (transform.Apply(frames), Math.Max(1, reader.Info.FramesPerSecond / step));
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Frames.Dispose();
        foreach (var map in Maps) map.Map.Dispose();
        Attention?.Dispose();
    }

    private static Tensor Logits(VideoModel model, Tensor clip)
    {
        using var _ = no_grad();
        return model.call(clip);
    }

    private static int LabelOf(string name, IReadOnlyList<string> classes)
    {
        const int shown = 10;
        foreach (var (label, known) in classes.Index())
        {
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) return label;
        }
        var some = string.Join(", ", classes.Take(shown)) + (classes.Count > shown ? ", ..." : "");
        throw new InputException($"the model has no class “{name}”; it has {classes.Count}: {some}");
    }
}
