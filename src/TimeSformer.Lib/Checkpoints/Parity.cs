using System.Globalization;
using System.Text.Json;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Checkpoints;

/// <summary>The largest difference between a quantity and its reference, relative to the reference's largest value.</summary>
public sealed record ParityDifference(string Name, double RelativeError);

/// <summary>The result of a comparison.</summary>
/// <param name="Differences">Of the block outputs, the logits, the loss and each gradient.</param>
/// <param name="Tolerance">The largest relative error allowed: 1e-4 in float32, 1e-9 in float64.</param>
public sealed record ParityReport(
    string Path, TimeSformerConfig Config, ScalarType DType, IReadOnlyList<ParityDifference> Differences, double Tolerance)
{
    /// <summary>Whether all errors are within the tolerance.</summary>
    public bool Holds => Differences.All(difference => difference.RelativeError <= Tolerance);
}

/// <summary>
/// Compares the model with values that the official PyTorch code or Hugging Face's computed: weights, a clip, labels, block outputs,
/// logits, loss (cross entropy) and gradients, stored in a safetensors file in one of three layouts.
/// </summary>
public static class Parity
{
    // The metadata holds what shapes do not tell, the number of heads and epsilon: as entries of their own, or in a JSON text `config`.
    private static readonly Layout[] layouts =
    [
        new("w.", "g.", "in.clip", ChannelsFirst: true, "in.label", Output: "out.", Heads: "num_heads", Epsilon: "layer_norm_eps"),
        new("param.", "grad.", "input", ChannelsFirst: true, "labels", Output: "", Heads: "num_heads", Epsilon: "ln_eps"),
        new("param.", "grad.", "pixel_values", ChannelsFirst: false, "labels", "", Heads: "num_attention_heads", Epsilon: "layer_norm_eps"),
    ];

    /// <summary>Builds the file's model, runs it forward and backward, and compares every quantity that the file holds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">cpu, cuda or cuda:N.</param>
    /// <exception cref="CheckpointException">The file is damaged or lacks something that the comparison needs.</exception>
    /// <exception cref="InputException">The device is not available.</exception>
    public static ParityReport Run(string path, string device = "cpu")
    {
        var on = ComputeDevice.Named(device);
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(path);
        var layout = layouts.FirstOrDefault(layout => file.Entries.ContainsKey(layout.Clip))
            ?? throw new CheckpointException(
                path, $"no tensor named {string.Join(" or ", layouts.Select(layout => layout.Clip))}; is this a parity file?");
        var weights = NamedWeights.Of(file, layout.Weight);
        double epsilon = Metadata(file, layout.Epsilon);
        var config = TimeSformerWeights.Infer(weights, (int)Metadata(file, layout.Heads)) with { LayerNormEps = epsilon, DropPathRate = 0 };
        using var model = new TimeSformerModel(config, initialize: false);
        var clip = file.Read(layout.Clip).to(on);
        var dtype = clip.dtype;
        model.to(on, dtype);
        model.eval();
        Pretrained.Load(model, file, weights, EmbeddingResize.Nearest).RequireAllMatched();

        var differences = new List<ParityDifference>();
        void Compare(string name, string key, Tensor computed)
        {
            if (file.Entries.ContainsKey(key)) differences.Add(new(name, RelativeError(computed.cpu(), file.Read(key))));
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
        var loss = functional.cross_entropy(logits, file.Read(layout.Label).to(on));
        Compare("loss", $"{layout.Output}loss", loss);
        loss.backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.grad is not { } gradient) continue;
            Compare($"gradient of {name}", layout.Gradient + weights.SourcesOf(name)[0][layout.Weight.Length..], gradient);
        }
        return new(path, config, dtype, differences, dtype is ScalarType.Float64 ? 1e-9 : 1e-4);
    }

    private static double RelativeError(Tensor computed, Tensor reference)
    {
        // A loss may be stored as a scalar or as a list of one.
        if (reference.numel() > 1 ? !computed.shape.SequenceEqual(reference.shape) : computed.numel() != 1) return double.PositiveInfinity;
        using var scope = NewDisposeScope();
        var (actual, expected) = (computed.detach().to_type(ScalarType.Float64).flatten(), reference.to_type(ScalarType.Float64).flatten());
        double error = (actual - expected).abs().max().item<double>() / Math.Max(expected.abs().max().item<double>(), double.Epsilon);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private static double Metadata(SafeTensorsFile file, string key)
    {
        try
        {
            var text = file.Metadata.GetValueOrDefault(key)
                ?? JsonDocument.Parse(file.Metadata["config"]).RootElement.GetProperty(key).GetRawText();
            return double.Parse(text, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException(file.Path, $"its metadata has no number under '{key}'; is this a parity file?", error);
        }
    }

    private sealed record Layout(
        string Weight, string Gradient, string Clip, bool ChannelsFirst, string Label, string Output, string Heads, string Epsilon);
}
