using TimeSformer.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Training;

/// <summary>Cross entropy with a weight for each class, as the <c>weight</c> of PyTorch's <c>cross_entropy</c>.</summary>
public static class ClassWeights
{
    /// <summary>
    /// N / (classes · count) for each class, as scikit-learn's class_weight="balanced": all classes then weigh the same together. N and
    /// `classes` are those that have videos; a class without any weighs 0.
    /// </summary>
    /// <returns>The weights by label.</returns>
    public static float[] Balanced(VideoList videos)
    {
        var counts = videos.Items.CountBy(item => item.Label).ToDictionary();
        return [.. videos.Classes.Select((_, label) =>
            counts.TryGetValue(label, out int count) ? (float)((double)videos.Items.Count / (counts.Count * (double)count)) : 0)];
    }

    /// <summary>
    /// What the losses of a batch are divided by, as in PyTorch: the sum of the weights of its labels or, where targets are probabilities,
    /// its number of clips.
    /// </summary>
    /// <param name="targets">Labels (B), int64, or probabilities (B, classes).</param>
    /// <param name="weights">(classes).</param>
    /// <returns>(1), float32.</returns>
    internal static Tensor Whole(Tensor targets, Tensor weights) => targets.dim() == 1
        ? weights.index_select(0, targets).sum().view(1)
        : tensor([(float)targets.shape[0]], device: weights.device);

    /// <summary>The part of a batch's mean loss that some of its clips add.</summary>
    /// <param name="logits">Of the part: (part, classes), float32.</param>
    /// <param name="targets">Of the part: labels (part), int64, or probabilities (part, classes).</param>
    /// <param name="whole">Of the whole batch: <see cref="Whole"/>.</param>
    /// <param name="weights">(classes).</param>
    /// <param name="labelSmoothing">Fraction of the target spread over all classes.</param>
    internal static Tensor Loss(Tensor logits, Tensor targets, Tensor whole, Tensor weights, double labelSmoothing)
    {
        var sum = functional.cross_entropy(logits, targets, weights, reduction: Reduction.Sum, label_smoothing: labelSmoothing);
        return sum * whole.squeeze(0).reciprocal();
    }
}
