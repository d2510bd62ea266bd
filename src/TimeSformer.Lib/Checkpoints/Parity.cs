using System.Globalization;
using TimeSformer.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Checkpoints;

/// <summary>One quantity that our model and a reference computed: the largest difference as a share of the reference's largest value.</summary>
public sealed record ParityDifference(string Name, double RelativeError);

/// <summary>What a comparison found.</summary>
/// <param name="Differences">Logits, block outputs, loss and each gradient.</param>
/// <param name="Tolerance">The largest error allowed in the file's precision: 1e-4 in float32, 1e-9 in float64.</param>
public sealed record ParityReport(string Path, TimeSformerConfig Config, ScalarType DType, IReadOnlyList<ParityDifference> Differences, double Tolerance)
{
    /// <summary>Whether all errors are within the tolerance.</summary>
    public bool Holds => Differences.All(difference => difference.RelativeError <= Tolerance);
}

/// <summary>
/// Compares our model with values that the official PyTorch code computed and stored: metadata with the sizes, <c>w.*</c> weights,
/// <c>in.clip</c>, <c>in.label</c>, <c>out.block.i</c>, <c>out.logits</c>, <c>out.loss</c> (cross entropy) and <c>g.*</c> gradients.
/// </summary>
public static class Parity
{
    private static readonly Dictionary<string, AttentionScheme> schemes = new()
    {
        ["divided_space_time"] = AttentionScheme.DividedSpaceTime,
        ["joint_space_time"] = AttentionScheme.JointSpaceTime,
        ["space_only"] = AttentionScheme.SpaceOnly,
    };

    /// <summary>Builds the file's model, runs it forwards and backwards, and measures every quantity that the file holds.</summary>
    /// <exception cref="CheckpointException">The file is damaged or does not hold what a comparison needs.</exception>
    public static ParityReport Run(string path)
    {
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(path);
        var config = ConfigOf(file);
        using var model = new TimeSformerModel(config);
        var clip = Require(file, "in.clip");
        var dtype = clip.dtype;
        model.to(dtype);
        model.eval();
        Checkpoint.LoadWeights(file, model, prefix: "w.");

        var differences = new List<ParityDifference>();
        void Compare(string name, string key, Tensor ours)
        {
            if (!file.Entries.ContainsKey(key)) return;
            differences.Add(new(name, RelativeError(ours, file.Read(key))));
        }

        var features = model.forward_features(clip, (block, tokens) => Compare($"block {block}", $"out.block.{block}", tokens));
        var logits = model.Head(features);
        Compare("logits", "out.logits", logits);
        var loss = functional.cross_entropy(logits, Require(file, "in.label"));
        Compare("loss", "out.loss", loss.reshape(1));
        loss.backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.grad is { } gradient) Compare($"gradient of {name}", $"g.{name}", gradient);
        }
        return new(path, config, dtype, differences, dtype is ScalarType.Float64 ? 1e-9 : 1e-4);
    }

    private static double RelativeError(Tensor ours, Tensor reference)
    {
        if (!ours.shape.SequenceEqual(reference.shape)) return double.PositiveInfinity;
        using var scope = NewDisposeScope();
        var (left, right) = (ours.detach().to_type(ScalarType.Float64), reference.to_type(ScalarType.Float64));
        double error = (left - right).abs().max().item<double>() / Math.Max(right.abs().max().item<double>(), double.Epsilon);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private static Tensor Require(SafeTensorsFile file, string name) =>
        file.Entries.ContainsKey(name) ? file.Read(name) : throw new CheckpointException(file.Path, $"there is no tensor {name}; is this a parity file?");

    private static TimeSformerConfig ConfigOf(SafeTensorsFile file)
    {
        string Text(string key) => file.Metadata.TryGetValue(key, out var value) ? value : throw new CheckpointException(file.Path, $"its metadata lacks '{key}'; is this a parity file?");
        int Int(string key) => int.TryParse(Text(key), CultureInfo.InvariantCulture, out var value) ? value : throw Bad(key);
        double Double(string key) => double.TryParse(Text(key), CultureInfo.InvariantCulture, out var value) ? value : throw Bad(key);
        CheckpointException Bad(string key) => new(file.Path, $"its metadata has {key} = '{Text(key)}'");

        var config = new TimeSformerConfig
        {
            Attention = schemes.TryGetValue(Text("attention_type"), out var scheme) ? scheme : throw Bad("attention_type"),
            ImageSize = Int("img_size"),
            PatchSize = Int("patch_size"),
            NumFrames = Int("num_frames"),
            NumClasses = Int("num_classes"),
            EmbedDim = Int("embed_dim"),
            Depth = Int("depth"),
            NumHeads = Int("num_heads"),
            MlpRatio = Double("mlp_ratio"),
            QkvBias = Text("qkv_bias") == "True",
            LayerNormEps = Double("layer_norm_eps"),
            DropPathRate = 0,
        };
        try
        {
            config.Validate();
        }
        catch (ArgumentException error)
        {
            throw new CheckpointException(file.Path, error.Message);
        }
        return config;
    }
}
