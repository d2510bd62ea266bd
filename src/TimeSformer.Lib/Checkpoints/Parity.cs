using System.Globalization;
using System.Text.Json;
using TimeSformer.Checkpoints.Naming;
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
/// Compares our model with values that the official PyTorch code or Hugging Face's computed and stored: weights, a clip, labels, the blocks'
/// outputs, logits, loss (cross entropy) and gradients, under the names of one of two layouts.
/// </summary>
public static class Parity
{
    // Number of heads and epsilon, the only sizes that shapes do not tell, are in the metadata: by themselves, or in a JSON text `config`.
    private static readonly Layout[] layouts =
    [
        new(Weight: "w.", Gradient: "g.", Clip: "in.clip", ChannelsFirst: true, Label: "in.label", Output: "out.", Heads: "num_heads", Epsilon: "layer_norm_eps"),
        new(Weight: "param.", Gradient: "grad.", Clip: "input", ChannelsFirst: true, Label: "labels", Output: "", Heads: "num_heads", Epsilon: "ln_eps"),
        new(Weight: "param.", Gradient: "grad.", Clip: "pixel_values", ChannelsFirst: false, Label: "labels", Output: "", Heads: "num_attention_heads", Epsilon: "layer_norm_eps"),
    ];

    /// <summary>Builds the file's model, runs it forwards and backwards, and measures every quantity that the file holds.</summary>
    /// <exception cref="CheckpointException">The file is damaged or does not hold what a comparison needs.</exception>
    public static ParityReport Run(string path)
    {
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(path);
        var layout = layouts.FirstOrDefault(layout => file.Entries.ContainsKey(layout.Clip))
            ?? throw new CheckpointException(path, $"there is no tensor {string.Join(" or ", layouts.Select(layout => layout.Clip))}; is this a parity file?");
        var weights = NamedWeights.Of(file, layout.Weight);
        var config = ConfigInference.Infer(weights, (int)Metadata(file, layout.Heads)) with { LayerNormEps = Metadata(file, layout.Epsilon), DropPathRate = 0 };
        using var model = new TimeSformerModel(config, initialize: false);
        var clip = file.Read(layout.Clip);
        var dtype = clip.dtype;
        model.to(dtype);
        model.eval();
        Pretrained.Load(model, file, weights, EmbeddingResize.Nearest).RequireAllMatched();

        var differences = new List<ParityDifference>();
        void Compare(string name, string key, Tensor ours)
        {
            if (!file.Entries.ContainsKey(key)) return;
            differences.Add(new(name, RelativeError(ours, file.Read(key))));
        }

        foreach (var (index, block) in model.Blocks.Index())
        {
            block.register_forward_hook((_, _, _, tokens) =>
            {
                Compare($"block {index}", $"{layout.Output}block.{index}", tokens);
                return tokens;
            });
        }
        var logits = model.call(layout.ChannelsFirst ? clip : clip.transpose(1, 2));
        Compare("logits", $"{layout.Output}logits", logits);
        var loss = functional.cross_entropy(logits, file.Read(layout.Label));
        Compare("loss", $"{layout.Output}loss", loss);
        loss.backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.grad is { } gradient) Compare($"gradient of {name}", layout.Gradient + weights.SourcesOf(name)[0][layout.Weight.Length..], gradient);
        }
        return new(path, config, dtype, differences, dtype is ScalarType.Float64 ? 1e-9 : 1e-4);
    }

    private static double RelativeError(Tensor ours, Tensor reference)
    {
        // A loss may be stored as a scalar or as a list of one.
        if (ours.numel() != reference.numel() || (ours.numel() > 1 && !ours.shape.SequenceEqual(reference.shape))) return double.PositiveInfinity;
        using var scope = NewDisposeScope();
        var (left, right) = (ours.detach().to_type(ScalarType.Float64).flatten(), reference.to_type(ScalarType.Float64).flatten());
        double error = (left - right).abs().max().item<double>() / Math.Max(right.abs().max().item<double>(), double.Epsilon);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private static double Metadata(SafeTensorsFile file, string key)
    {
        try
        {
            var text = file.Metadata.GetValueOrDefault(key);
            if (text is null && file.Metadata.TryGetValue("config", out var json)) text = JsonDocument.Parse(json).RootElement.GetProperty(key).GetRawText();
            if (text is not null) return double.Parse(text, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException(file.Path, $"its metadata has no number for {key}", error);
        }
        throw new CheckpointException(file.Path, $"its metadata lacks '{key}'; is this a parity file?");
    }

    private sealed record Layout(string Weight, string Gradient, string Clip, bool ChannelsFirst, string Label, string Output, string Heads, string Epsilon);
}
