using System.Text.RegularExpressions;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>How to fit positional embeddings to a model of another size.</summary>
public enum EmbeddingResize
{
    /// <summary>Bicubic in space, linear in time.</summary>
    Bicubic,

    /// <summary>The nearest neighbor in space and in time, as the model itself does for clips of another size.</summary>
    Nearest,

    /// <summary>As the official loader: the nearest neighbor in the flattened sequence of patches, which shears the grid.</summary>
    OfficialSequence,
}

/// <summary>
/// Starts a model from pretrained weights: TimeSformer's official ones; timm's, DeiT's and MAE's image models; VideoMAE's; Hugging Face's
/// TimeSformer, ViT, DeiT, ViViT and VideoMAE; Google's .npz; PySlowFast's, among them Caffe2's .pkl; PyTorchVideo's I3D and SlowFast;
/// torchvision's ResNets; and this program's.
/// </summary>
/// <remarks>
/// As in the official loader: a head for another number of classes is left as it is; embeddings of another size are resized; a patch
/// embedding is adapted to another number of channels; and if the file has spatial attention only, each further attention of a block
/// starts as a copy of it with its last layer zero, so that the model begins as the image model.
/// </remarks>
public static partial class Pretrained
{
    private const string PatchEmbedding = "patch_embed.proj.weight";

    /// <summary>Loads weights into a model of any size and scheme.</summary>
    /// <param name="path">A file, a checkpoint, a run or a Hugging Face folder.</param>
    /// <returns>Where each weight came from.</returns>
    /// <exception cref="CheckpointException">
    /// The file is damaged, does not fit the model or has values that are not finite; the model may be partly loaded.
    /// </exception>
    public static LoadReport Load(VideoModel model, string path, EmbeddingResize resize = EmbeddingResize.Bicubic)
    {
        using var file = Checkpoint.OpenWeights(path);
        return Load(model, file, NamedWeights.Of(file), resize);
    }

    /// <summary>How colors were normalized for weights, by their file or those beside it; null if none says it.</summary>
    /// <param name="path">As for <see cref="Load(VideoModel, string, EmbeddingResize)"/>.</param>
    /// <exception cref="CheckpointException">A file is damaged.</exception>
    public static ClipNormalization? NormalizationOf(string path)
    {
        using var file = Checkpoint.OpenWeights(path);
        return ModelInfo.NormalizationOf(file, NamedWeights.Of(file));
    }

    internal static LoadReport Load(VideoModel model, TensorFile file, NamedWeights weights, EmbeddingResize resize)
    {
        using var _ = no_grad();
        var (state, loaded) = (model.state_dict(), new List<LoadedWeight>());
        bool isImage = weights.Has(PatchEmbedding) && weights.ShapeOf(PatchEmbedding).Length == 4;
        foreach (var (name, weight) in state)
        {
            using var scope = NewDisposeScope();
            var (origin, detail) = weights.Has(name) ? LoadOne(name, weight) : Initialize(name, weight);
            loaded.Add(new(name, weight.shape, origin, detail));
        }
        var unexpected = weights.Names.Where(name => !state.ContainsKey(name)).SelectMany(weights.SourcesOf).Concat(weights.Unexpected);
        loaded.AddRange(unexpected.Select(name => new LoadedWeight(name, file.Entries[name].Shape, WeightOrigin.Unexpected)));
        return new(file.Path, weights.Family.Name, loaded);

        (WeightOrigin, string) LoadOne(string name, Tensor weight)
        {
            var value = weights.Read(name);
            RequireFinite(name, value);
            var fitted = model.Fit(name, value, isImage, Mode(resize));
            if (fitted is null && value.shape.SequenceEqual(weight.shape))
            {
                weight.copy_(value);
                return (WeightOrigin.Matched, "");
            }
            var (from, to) = (Text(value.shape), Text(weight.shape));
            bool isHead = name.StartsWith(model.HeadName + ".", StringComparison.Ordinal);
            if (isHead && value.dim() == weight.dim() && value.shape.AsSpan(1).SequenceEqual(weight.shape.AsSpan(1)))
            {
                return (WeightOrigin.Initialized, $"left as it was: the file has {value.shape[0]} classes");
            }
            fitted ??= Fit(name, value, weight.shape, resize)
                ?? throw new CheckpointException(file.Path, $"its {name} has shape {from}, the model's is {to}");
            weight.copy_(fitted);
            return (WeightOrigin.Resized, $"from {from}{(name is "pos_embed" or "time_embed" ? $", {resize}" : "")}");
        }

        void RequireFinite(string name, Tensor value)
        {
            var finite = value.isfinite();
            if (finite.all().item<bool>()) return;
            long wrong = finite.numel() - finite.sum().item<long>();
            throw new CheckpointException(
                file.Path, $"its {weights.SourcesOf(name)[0].Shorten()} has {wrong} of {finite.numel()} values that are not finite (NaN or "
                + "infinite), so no result would mean anything; take an earlier checkpoint, or one from before training diverged");
        }

        (WeightOrigin, string) Initialize(string name, Tensor weight)
        {
            if (FurtherAttention().Match(name) is { Success: true } further)
            {
                if (further.Groups["part"].Value == "fc")
                {
                    weight.zero_();
                    return (WeightOrigin.Initialized, "zero");
                }
                var spatial = $"{further.Groups["block"].Value}{further.Groups["part"].Value}{further.Groups["rest"].Value}";
                if (weights.Has(spatial))
                {
                    weight.copy_(weights.Read(spatial));
                    return (WeightOrigin.Initialized, $"copied from {spatial}");
                }
            }
            // An image model has no time embeddings; features may come without a head, or with a norm under another name.
            return model.IsOptional(name)
                ? (WeightOrigin.Initialized, "left as it was")
                : throw new CheckpointException(file.Path, $"it has no {name}, which the model needs; does its depth or width differ?");
        }
    }

    // A value of another shape, fitted to the model's; null if that would make no sense.
    private static Tensor? Fit(string name, Tensor value, long[] shape, EmbeddingResize resize)
    {
        bool IsSequence() => value.dim() == 3 && value.shape[0] == 1 && value.shape[2] == shape[2];
        switch (name)
        {
            case "pos_embed" when IsSequence() && value.shape[1] > 1:
                int side = (int)Math.Sqrt(shape[1] - 1);
                if ((side * side) + 1 != shape[1]) return null;
                if (resize is not EmbeddingResize.OfficialSequence && Math.Sqrt(value.shape[1] - 1) % 1 != 0) return null;
                var places = value.to_type(ScalarType.Float32);
                return resize is EmbeddingResize.OfficialSequence
                    ? PositionEmbeddings.Sequence(places, side * side)
                    : PositionEmbeddings.Space(places, new TokenGrid(1, 1, side, side), Mode(resize));
            case "time_embed" when IsSequence() && value.shape[1] > 0:
                return PositionEmbeddings.Time(value.to_type(ScalarType.Float32), shape[1], Mode(resize));
            case PatchEmbedding:
                // Some files keep the patch embedding as a linear layer on flattened patches: (D, C·P·P).
                bool isLinear = value.dim() == 2 && value.numel() == shape.Aggregate(1L, (product, length) => product * length);
                var kernel = isLinear ? value.reshape(shape) : value;                                      // (D, C', P, P)
                if (kernel.dim() != 4 || kernel.shape[0] != shape[0] || kernel.shape[1] == 0) return null;
                if (!kernel.shape.AsSpan(2).SequenceEqual(shape.AsSpan(2))) return null;
                return Channels(kernel.to_type(ScalarType.Float32), shape[1]);
            default:
                // An image model's convolution, repeated over time such that it responds to a still as before (Carreira and Zisserman,
                // CVPR 2017, section 2.4).
                bool inflates = value.dim() == 4 && shape.Length == 5
                    && value.shape.SequenceEqual([shape[0], shape[1], shape[3], shape[4]]);
                return inflates ? value.to_type(ScalarType.Float32).unsqueeze(2).expand(shape).Over(shape[2]) : null;
        }
    }

    // Kernels (D, C', P, P) to (D, C, P, P) that respond to a gray picture as before: summed for one channel, repeated for more.
    private static Tensor Channels(Tensor kernels, long channels)
    {
        long had = kernels.shape[1];
        if (had == channels) return kernels;
        if (channels == 1) return kernels.sum([1L], keepdim: true);
        return kernels.repeat(1, ((channels - 1) / had) + 1, 1, 1)[.., ..(int)channels].Times((double)had / channels);
    }

    private static InterpolationMode Mode(EmbeddingResize resize) =>
        resize is EmbeddingResize.Bicubic ? InterpolationMode.Bicubic : InterpolationMode.Nearest;

    private static string Text(long[] shape) => $"({string.Join(", ", shape)})";

    // blocks.3.temporal_attn.qkv.weight, blocks.3.temporal_norm1.bias, blocks.3.temporal_fc.weight
    [GeneratedRegex(@"^(?<block>blocks\.\d+\.)[a-z]+_(?<part>attn|norm1|fc)(?<rest>\..+)$")]
    private static partial Regex FurtherAttention();
}

/// <summary>Where a model's weight came from.</summary>
public enum WeightOrigin
{
    /// <summary>The file, unchanged.</summary>
    Matched,

    /// <summary>The file, fitted to another shape.</summary>
    Resized,

    /// <summary>Not the file; the report says how the weight was initialized.</summary>
    Initialized,

    /// <summary>The file has it, the model does not.</summary>
    Unexpected,
}

/// <summary>How one weight was loaded.</summary>
/// <param name="Name">Its name (and shape) in the model; in the file if it is unexpected.</param>
/// <param name="Detail">How it was fitted or initialized; empty otherwise.</param>
public sealed record LoadedWeight(string Name, IReadOnlyList<long> Shape, WeightOrigin Origin, string Detail = "");

/// <summary>The result of loading a file with a family's names: the model's weights in its order, then the unexpected ones.</summary>
public sealed partial record LoadReport(string Path, string Family, IReadOnlyList<LoadedWeight> Weights)
{
    /// <summary>Weights that the file has in the model's shape.</summary>
    public IEnumerable<LoadedWeight> Matched => Of(WeightOrigin.Matched);

    /// <summary>Weights that were fitted to the model's shape.</summary>
    public IEnumerable<LoadedWeight> Resized => Of(WeightOrigin.Resized);

    /// <summary>Weights that the file does not have.</summary>
    public IEnumerable<LoadedWeight> Initialized => Of(WeightOrigin.Initialized);

    /// <summary>Weights that the model does not have.</summary>
    public IEnumerable<LoadedWeight> Unexpected => Of(WeightOrigin.Unexpected);

    /// <summary>The file and the number of weights of each kind, in one line.</summary>
    public string Summary => $"{Title}; {string.Join(", ", Weights.CountBy(Kind).Select(kind => $"{kind.Value} {kind.Key}"))}";

    private string Title => $"{System.IO.Path.GetFileName(Path)}: {Family} names";

    /// <summary>Throws unless the file and the model have exactly the same weights.</summary>
    /// <param name="resized">Whether embeddings may have been resized.</param>
    /// <exception cref="CheckpointException">Names the first that differs.</exception>
    public void RequireAllMatched(bool resized = false)
    {
        // Older tools do not write how many batches a norm has seen, which nothing depends on.
        bool IsAllowed(LoadedWeight weight) => weight.Origin is WeightOrigin.Matched
            || weight.Name.EndsWith(VideoModel.BatchCount, StringComparison.Ordinal)
            || (resized && weight is { Origin: WeightOrigin.Resized, Name: "pos_embed" or "time_embed" });
        if (Weights.FirstOrDefault(weight => !IsAllowed(weight)) is not { } other) return;
        throw new CheckpointException(Path, other.Origin is WeightOrigin.Unexpected
            ? $"it has {other.Name.Shorten()}, which the model does not"
            : $"its weights do not match the model: {other.Name} would be {Text(other.Origin)}, {other.Detail}");
    }

    /// <summary>A table of the weights that were not simply copied; blocks with the same result share a row.</summary>
    public override string ToString()
    {
        var rows = Weights.Where(weight => weight.Origin is not WeightOrigin.Matched)
            .GroupBy(weight => (
                weight.Origin, Name: AllBlocks(weight.Name), Shape: string.Join("x", weight.Shape), Detail: AllBlocks(weight.Detail)))
            .Select(group => group.ToList() is [var only]
                ? new[] { Text(only.Origin), only.Name, group.Key.Shape, only.Detail }
                : [Text(group.Key.Origin), $"{group.Key.Name} ({group.Count()})", group.Key.Shape, group.Key.Detail])
            .ToList();
        for (int column = 0; column < 3 && rows.Count > 0; column++)
        {
            int width = rows.Max(row => row[column].Length);
            foreach (var row in rows) row[column] = row[column].PadRight(width);
        }
        var counts = Enum.GetValues<WeightOrigin>().Select(origin => $"{Of(origin).Count()} {Text(origin)}");
        var lines = rows.Select(row => $"  {string.Join("  ", row).TrimEnd()}\n");
        return $"{Title}; {string.Join(", ", counts)}\n{string.Concat(lines)}";
    }

    private static string AllBlocks(string name) => BlockIndex().Replace(name, ".*.");

    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex BlockIndex();

    private static string Text(WeightOrigin origin) => origin.ToString().ToLowerInvariant();

    private static string Kind(LoadedWeight weight) => weight switch
    {
        { Origin: not WeightOrigin.Initialized } => Text(weight.Origin),
        { Detail: "zero" } => "zero",
        _ when weight.Detail.StartsWith("copied", StringComparison.Ordinal) => "copied from spatial attention",
        _ => "left as they were",
    };

    private IEnumerable<LoadedWeight> Of(WeightOrigin origin) => Weights.Where(weight => weight.Origin == origin);
}
