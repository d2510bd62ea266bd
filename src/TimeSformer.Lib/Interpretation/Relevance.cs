using TimeSformer.Models;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>A way to find what in a clip a prediction rests on.</summary>
public enum RelevanceMethod
{
    /// <summary>Attention followed back through the blocks, whatever the class: <see cref="AttentionRollout.Of"/>.</summary>
    Rollout,

    /// <summary>
    /// What speaks for the class: <see cref="AttentionRollout.OfGradients"/> or, of a convolutional network, <see cref="GradCam"/>.
    /// </summary>
    Gradient,

    /// <summary>What the class misses when it is covered, of any model: <see cref="Interpretation.Occlusion"/>.</summary>
    Occlusion,
}

/// <summary>Maps of what in a clip a prediction rests on, by any method and of any model.</summary>
public static class Relevance
{
    /// <summary>The method for a model when none is named: rollout or, where there is no attention, gradients.</summary>
    public static RelevanceMethod MethodFor(VideoModel model) =>
        model is TransformerModel ? RelevanceMethod.Rollout : RelevanceMethod.Gradient;

    /// <summary>The map of one clip.</summary>
    /// <param name="model">The model.</param>
    /// <param name="clip">(1, C, T, H, W), as the model takes it.</param>
    /// <param name="label">The class.</param>
    /// <param name="method">The method.</param>
    /// <param name="progress">Receives the share that is done, 0 to 1, of methods that take long.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <returns>(T', H', W') in the method's own resolution; not negative, the fractions sum to 1 or are all 0.</returns>
    /// <exception cref="ArgumentException">The clip's shape does not fit the model.</exception>
    /// <exception cref="InputException">The model has no attention, which the method needs.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signaled.</exception>
    public static Tensor Map(
        VideoModel model, Tensor clip, int label, RelevanceMethod method, IProgress<double>? progress = null,
        CancellationToken cancel = default)
    {
        using var scope = NewDisposeScope();
        using var labels = tensor(new long[] { label }, device: clip.device);
        var map = method switch
        {
            RelevanceMethod.Rollout => Own(AttentionRecorder.Record(model, clip), AttentionRollout.Of),
            RelevanceMethod.Gradient when model is TransformerModel =>
                Own(AttentionRecorder.RecordGradients(model, clip, labels), AttentionRollout.OfGradients),
            RelevanceMethod.Gradient => GradCam.Of(model, clip, labels),
            RelevanceMethod.Occlusion => Normalized(Occlusion.Map(model, clip, label, progress, cancel).relu().unsqueeze(0)),
            _ => throw new ArgumentException($"unknown method {method}"),
        };
        return map[0].MoveToOuterDisposeScope();
    }

    /// <summary>Maps (B, T', H', W') that are not negative, each divided by its sum.</summary>
    internal static Tensor Normalized(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return (maps / maps.sum([1L, 2, 3], keepdim: true).clamp(min: Arithmetic.Least)).MoveToOuterDisposeScope();
    }

    private static Tensor Own(AttentionRecord record, Func<AttentionRecord, Tensor> map)
    {
        using (record) return map(record);
    }
}
