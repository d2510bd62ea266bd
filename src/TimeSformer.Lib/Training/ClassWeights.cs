using TimeSformer.Data;
using TimeSformer.Torch;
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
    /// The part of a batch's mean loss that some of its clips add: as in PyTorch, the mean divides by the weights of the batch's labels or,
    /// where targets are probabilities, by its number of clips.
    /// </summary>
    /// <param name="logits">Of the part: (part, classes), float32.</param>
    /// <param name="targets">Of the part: labels (part), int64, or probabilities (part, classes).</param>
    /// <param name="batch">Targets of the whole batch.</param>
    /// <param name="weights">(classes).</param>
    /// <param name="labelSmoothing">Fraction of the target spread over all classes.</param>
    internal static Tensor Loss(Tensor logits, Tensor targets, Tensor batch, Tensor weights, double labelSmoothing)
    {
        var sum = functional.cross_entropy(logits, targets, weights, reduction: Reduction.Sum, label_smoothing: labelSmoothing);
        return batch.dim() == 1 ? sum * weights.index_select(0, batch).sum().reciprocal() : sum.Times(1.0 / batch.shape[0]);
    }
}
