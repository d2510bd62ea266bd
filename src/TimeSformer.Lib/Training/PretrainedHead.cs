using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Models;
using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>The head of a pretrained model for the same classes in another order.</summary>
internal static class PretrainedHead
{
    /// <summary>Puts the rows of a loaded head into the order of a run's classes, if both have the same names.</summary>
    /// <param name="model">With the pretrained weights.</param>
    /// <param name="weights">Where they are from: a checkpoint of this program or a run; others have no names to compare.</param>
    /// <param name="classes">The run's class names by label.</param>
    /// <returns>A sentence about it, or null if nothing changed.</returns>
    public static string? Reorder(VideoModel model, string weights, IReadOnlyList<string> classes)
    {
        var folder = Directory.Exists(weights) ? Checkpoint.Latest(weights) ?? weights : Path.GetDirectoryName(weights)!;
        var description = Path.Combine(folder, ModelInfo.FileName);
        if (!File.Exists(description)) return null;
        var names = ModelInfo.Parse<ModelInfo>(description, File.ReadAllBytes(description)).Classes;
        bool isSameSet = names.Distinct().Count() == classes.Count && names.Order().SequenceEqual(classes.Order());
        if (!isSameSet || names.SequenceEqual(classes) || !ClassMapping.AreNames(classes)) return null;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var places = names.Index().ToDictionary(name => name.Item, name => (long)name.Index);
        var order = tensor(classes.Select(name => places[name]).ToArray());
        foreach (var (name, parameter) in model.named_parameters())
        {
            bool isHead = name == $"{model.HeadName}.weight" || name == $"{model.HeadName}.bias";
            if (isHead) parameter.copy_(parameter.index_select(0, order.to(parameter.device)));
        }
        return $"{weights}: its classes are in another order than the training list's; its head is matched to them by name";
    }
}
