using System.Text.RegularExpressions;
using TimeSformer.Checkpoints.Naming;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>How a loader fits position embeddings to a model of another size.</summary>
public enum EmbeddingResize
{
    /// <summary>Bicubic in two dimensions, linear in time.</summary>
    Bicubic,

    /// <summary>The nearest neighbour in two dimensions and in time, as the model itself does for clips of another size.</summary>
    Nearest,

    /// <summary>As the official loader: the nearest neighbour in the flattened sequence of places, which shears the grid.</summary>
    OfficialSequence,
}

/// <summary>
/// Starts a model from a file that others trained: official .pyth, Hugging Face TimeSformer and ViT, timm, DeiT, MAE, Google's .npz; the
/// format and whose names it uses are found out from its content.
/// </summary>
/// <remarks>
/// As the official loader does: a head of another number of classes is left as it is; embeddings of another size are resized; a patch
/// embedding is adapted to another number of channels; and where the file has spatial attention only, each further attention of a block
/// starts as a copy of the spatial one, with its closing layer zero, so that the model begins as the image model.
/// </remarks>
public static partial class Pretrained
{
    /// <summary>Loads weights into a model of any sizes and scheme.</summary>
    /// <param name="path">A file, or a folder that holds one: a checkpoint's, a run's, Hugging Face's.</param>
    /// <param name="resize">How position embeddings are fitted where their number differs.</param>
    /// <returns>What became of each weight.</returns>
    /// <exception cref="CheckpointException">The file is damaged or does not fit the model; the model may be partly loaded.</exception>
    public static LoadReport Load(TimeSformerModel model, string path, EmbeddingResize resize = EmbeddingResize.Bicubic)
    {
        using var file = TensorFile.Open(WeightsFile.Find(path));
        return Load(model, file, NamedWeights.Of(file), resize);
    }

    internal static LoadReport Load(TimeSformerModel model, TensorFile file, NamedWeights weights, EmbeddingResize resize)
    {
        using var _ = no_grad();
        var loaded = new List<LoadedWeight>();
        foreach (var (name, weight) in model.state_dict())
        {
            using var scope = NewDisposeScope();
            var (origin, detail) = weights.Has(name) ? LoadOne(name, weight) : Start(name, weight);
            loaded.Add(new(name, weight.shape, origin, detail));
        }
        var places = model.state_dict().Keys.ToHashSet();
        var unexpected = weights.Names.Where(name => !places.Contains(name)).SelectMany(weights.SourcesOf).Concat(weights.Unexpected);
        loaded.AddRange(unexpected.Select(name => new LoadedWeight(name, file.Entries[name].Shape, WeightOrigin.Unexpected)));
        return new(file.Path, weights.Family.Name, loaded);

        (WeightOrigin, string) LoadOne(string name, Tensor weight)
        {
            var value = weights.Read(name);
            if (value.shape.SequenceEqual(weight.shape))
            {
                weight.copy_(value);
                return (WeightOrigin.Matched, "");
            }
            var (from, to) = (Text(value.shape), Text(weight.shape));
            if (name.StartsWith("head.", StringComparison.Ordinal) && value.dim() == weight.dim() && value.shape.AsSpan(1).SequenceEqual(weight.shape.AsSpan(1)))
            {
                return (WeightOrigin.Initialised, $"left as it was: the file has {value.shape[0]} classes");
            }
            if (Fit(name, value, weight.shape, model.Config, resize) is not { } fitted)
            {
                throw new CheckpointException(file.Path, $"its {name} has shape {from}, the model's is {to}");
            }
            weight.copy_(fitted);
            return (WeightOrigin.Resized, $"from {from}{(name is "pos_embed" or "time_embed" ? $", {resize}" : "")}");
        }

        (WeightOrigin, string) Start(string name, Tensor weight)
        {
            if (FurtherAttention().Match(name) is { Success: true } further)
            {
                if (further.Groups["part"].Value == "fc")
                {
                    weight.zero_();
                    return (WeightOrigin.Initialised, "zero");
                }
                var spatial = $"{further.Groups["block"].Value}{further.Groups["part"].Value}{further.Groups["rest"].Value}";
                if (weights.Has(spatial))
                {
                    weight.copy_(weights.Read(spatial));
                    return (WeightOrigin.Initialised, $"copied from {spatial}");
                }
            }
            // An image model has no frames, and features may come without a head or with a norm of their own.
            bool optional = name is "time_embed" || name.StartsWith("head.", StringComparison.Ordinal) || name.StartsWith("norm.", StringComparison.Ordinal);
            return optional ? (WeightOrigin.Initialised, "left as it was") : throw new CheckpointException(file.Path, $"it has no {name}, which the model needs; is it of another depth or width?");
        }
    }

    // A value of another shape in the model's shape; null where nothing would make sense.
    private static Tensor? Fit(string name, Tensor value, long[] shape, TimeSformerConfig config, EmbeddingResize resize)
    {
        switch (name)
        {
            case "pos_embed" when value.dim() == 3 && value.shape[2] == shape[2] && value.shape[1] > 1:
                int side = config.ImageSize / config.PatchSize;
                var places = value.to_type(ScalarType.Float32);
                return resize is EmbeddingResize.OfficialSequence ? PositionEmbeddings.Sequence(places, side * side) : PositionEmbeddings.Space(places, new TokenGrid(1, 1, side, side), Mode(resize));
            case "time_embed" when value.dim() == 3 && value.shape[2] == shape[2] && value.shape[1] > 0:
                return PositionEmbeddings.Time(value.to_type(ScalarType.Float32), shape[1], Mode(resize));
            case "patch_embed.proj.weight":
                // Before it was a convolution, the patch embedding was a layer on flattened patches: (D, C·P·P).
                var kernel = value.dim() == 2 && value.numel() == shape.Aggregate(1L, (product, length) => product * length) ? value.reshape(shape) : value;
                if (kernel.dim() != 4 || kernel.shape[0] != shape[0] || kernel.shape[1] == 0 || !kernel.shape.AsSpan(2).SequenceEqual(shape.AsSpan(2))) return null;
                return Channels(kernel.to_type(ScalarType.Float32), shape[1]);
            default:
                return null;
        }
    }

    // Kernels (D, C', P, P) to (D, C, P, P), so that a grey picture in all channels gives what it gave: to one channel their sum, to more
    // their repetition.
    private static Tensor Channels(Tensor kernels, long channels)
    {
        long had = kernels.shape[1];
        if (had == channels) return kernels;
        if (channels == 1) return kernels.sum([1L], keepdim: true);
        return kernels.repeat(1, ((channels - 1) / had) + 1, 1, 1)[.., ..(int)channels].Times((double)had / channels);
    }

    private static InterpolationMode Mode(EmbeddingResize resize) => resize is EmbeddingResize.Bicubic ? InterpolationMode.Bicubic : InterpolationMode.Nearest;

    private static string Text(long[] shape) => $"({string.Join(", ", shape)})";

    // blocks.3.temporal_attn.qkv.weight, blocks.3.temporal_norm1.bias, blocks.3.temporal_fc.weight
    [GeneratedRegex(@"^(?<block>blocks\.\d+\.)[a-z]+_(?<part>attn|norm1|fc)(?<rest>\..+)$")]
    private static partial Regex FurtherAttention();
}
