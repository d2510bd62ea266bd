using System.Text;
using System.Text.RegularExpressions;
using TimeSformer.Checkpoints.Naming;
using TimeSformer.Models;

namespace TimeSformer.Checkpoints;

/// <summary>Finds out what model a file holds: from what we or Hugging Face wrote beside the weights, else from their shapes.</summary>
internal static partial class ModelDescription
{
    /// <summary>The key of a PyTorch file under which we keep what <c>checkpoint.json</c> says.</summary>
    public const string InfoKey = "checkpoint_json";

    /// <summary>Describes the model of a file.</summary>
    /// <param name="path">What the user named: the file or its folder.</param>
    /// <param name="heads">The number of heads, where nothing else tells it.</param>
    /// <exception cref="CheckpointException">It is no video model, or what is said of it is not what its weights are.</exception>
    public static CheckpointInfo Of(string path, TensorFile file, NamedWeights weights, int? heads)
    {
        if (Directory.Exists(path) && WeightsFile.IsOurs(path)) return Checked(Checkpoint.Open(path).Info, weights);
        var torch = (file as TorchFile)?.Root as OrderedDictionary<string, object?>;
        if (torch?.GetValueOrDefault(InfoKey) is string text) return Checked(CheckpointInfo.Parse(file.Path, Encoding.UTF8.GetBytes(text)), weights);

        var config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, HuggingFaceConfig.FileName);
        if (weights.Family == HuggingFaceTimeSformerNames.Family && File.Exists(config))
        {
            var described = HuggingFaceConfig.Read(config);
            var model = described.Complete(ConfigInference.Infer(weights, described.NumHeads));
            return Info(model, described.SamplingRate, label => described.Labels.GetValueOrDefault(label));
        }
        var rate = torch?.GetValueOrDefault("cfg") is string settings && SamplingRate().Match(settings) is { Success: true } found ? int.Parse(found.Groups[1].Value) : (int?)null;
        return Info(ConfigInference.Infer(weights, heads), rate, _ => null);
    }

    // The published models see about 8 seconds: 8 x 32, 16 x 16 and 96 x 4 frames.
    private static CheckpointInfo Info(TimeSformerConfig model, int? samplingRate, Func<int, string?> label)
    {
        int usual = model.NumFrames >= 64 ? 4 : Math.Max(1, 256 / model.NumFrames);
        return new(model, [.. Enumerable.Range(0, model.NumClasses).Select(index => label(index) ?? $"class {index}")], samplingRate ?? usual, Step: 0, Epoch: 0);
    }

    // Sizes that the weights do not have would be allocated before the first weight is missed.
    private static CheckpointInfo Checked(CheckpointInfo info, NamedWeights weights)
    {
        var model = info.Model;
        List<(string Name, int Axis, long Said)> sizes =
        [
            ("patch_embed.proj.weight", 0, model.EmbedDim), ("patch_embed.proj.weight", 1, model.InChannels), ("patch_embed.proj.weight", 2, model.PatchSize),
            ("blocks.0.mlp.fc1.weight", 0, (long)(model.EmbedDim * model.MlpRatio)), ("head.weight", 0, model.NumClasses),
        ];
        if (model.HasSpaceEmbedding) sizes.Add(("pos_embed", 1, 1L + model.NumPatches));
        if (model.HasTimeEmbedding) sizes.Add(("time_embed", 1, model.NumFrames));
        foreach (var (name, axis, said) in sizes)
        {
            var shape = weights.ShapeOf(name);
            if (shape.Length <= axis || shape[axis] != said) throw new CheckpointException(weights.Path, $"its {name} has shape ({string.Join(", ", shape)}), where the checkpoint's sizes say {said} in dimension {axis}");
        }
        return weights.Has($"blocks.{model.Depth - 1}.norm1.weight") ? info : throw new CheckpointException(weights.Path, $"it has no block {model.Depth - 1}, where the checkpoint says that there are {model.Depth}");
    }

    [GeneratedRegex(@"SAMPLING_RATE:\s*([1-9]\d{0,3})\b")]
    private static partial Regex SamplingRate();
}
