using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Video;

namespace TimeSformer.Checkpoints;

/// <summary>What predicting needs besides weights: the model's sizes, its class names, and how to sample its clips.</summary>
/// <param name="Classes">Class names in the order of the head's outputs.</param>
/// <param name="SamplingRate">Distance between a clip's frames in the video, in frames at 30 per second.</param>
public sealed partial record ModelInfo(TimeSformerConfig Model, IReadOnlyList<string> Classes, int SamplingRate)
{
    internal const string FileName = "checkpoint.json", TorchKey = "checkpoint_json"; // a file, and a key in a PyTorch file

    private const int UsualHeadWidth = 64;

    private static readonly JsonSerializerOptions json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The clips that the model takes.</summary>
    [JsonIgnore]
    public ClipFormat Clip => new(Model.NumFrames, SamplingRate, Model.ImageSize);

    /// <summary>The text of <c>checkpoint.json</c>.</summary>
    /// <param name="more">An object whose members follow.</param>
    internal string ToJson(object? more = null)
    {
        var members = JsonSerializer.SerializeToNode(this, json)!.AsObject();
        foreach (var (key, value) in JsonSerializer.SerializeToNode(more, json)?.AsObject() ?? []) members[key] = value?.DeepClone();
        return members.ToJsonString(json);
    }

    /// <summary>Reads a part of <c>checkpoint.json</c>: the model's description or the point where training resumes.</summary>
    /// <param name="path">Where the text is from, for messages.</param>
    /// <exception cref="CheckpointException">The text is damaged or a member is missing.</exception>
    internal static T Parse<T>(string path, ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, json) ?? throw new CheckpointException(path, "it is empty");
        }
        catch (Exception error) when (error is JsonException or ArgumentException or NotSupportedException)
        {
            throw new CheckpointException(path, error.Message.ReplaceLineEndings(" "), error);
        }
    }

    /// <summary>Describes a file's model by checkpoint.json or Hugging Face's config.json beside it, else by its weights.</summary>
    /// <exception cref="CheckpointException">The file is not a whole model, or its weights do not match its description.</exception>
    internal static ModelInfo Of(TensorFile file, NamedWeights weights, int? heads)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
        var (own, theirs) = (Path.Combine(folder, FileName), Path.Combine(folder, HuggingFaceConfig.FileName));
        ModelInfo Stated(string path, byte[] text) => Parse<ModelInfo>(path, text).Checked(path, weights);
        if (Path.GetFileName(file.Path) == Checkpoint.WeightsName && File.Exists(own)) return Stated(own, File.ReadAllBytes(own));
        var torch = (file as TorchFile)?.Root as OrderedDictionary<string, object?>;
        if (torch?.GetValueOrDefault(TorchKey) is string text) return Stated(file.Path, Encoding.UTF8.GetBytes(text));
        if (weights.Family == Naming.HuggingFaceTimeSformer && File.Exists(theirs))
        {
            var config = HuggingFaceConfig.Read(theirs);
            var model = config.Complete(InferConfig(weights, config.NumHeads));
            return WithDefaults(model, config.SamplingRate, label => config.Labels.GetValueOrDefault(label));
        }
        var rate = torch?.GetValueOrDefault("cfg") is string settings && SamplingRateSetting().Match(settings) is { Success: true } found
            ? int.Parse(found.Groups[1].Value)
            : (int?)null;
        return WithDefaults(InferConfig(weights, heads), rate, _ => null);
    }

    /// <summary>Infers a video model's configuration from its weights; what their shapes do not tell is as in the official model.</summary>
    /// <param name="heads">The number of heads, which no shape tells; null for heads of width 64, as all published models have.</param>
    /// <exception cref="CheckpointException">The weights are not those of a whole model, or their shapes do not fit together.</exception>
    internal static TimeSformerConfig InferConfig(NamedWeights weights, int? heads)
    {
        foreach (var needed in new[] { "patch_embed.proj.weight", "pos_embed", "head.weight", "blocks.0.mlp.fc1.weight" })
        {
            if (!weights.Has(needed)) throw Bad($"it has no {needed}, so it is not a whole model; use it to start one (Pretrained.Load)");
        }
        if (weights.ShapeOf("patch_embed.proj.weight") is not [var dim, var channels, var patch, var width] || patch != width)
        {
            throw Bad("its patch embedding is not a convolution with square patches");
        }
        if (weights.ShapeOf("pos_embed") is not [1, var places, _] || Math.Sqrt(places - 1) is var side && side != (long)side)
        {
            throw Bad("its positional embeddings do not form a square grid");
        }
        if (heads is null && dim % UsualHeadWidth != 0)
        {
            throw Bad($"the number of heads is unknown: its width of {dim} is not a multiple of {UsualHeadWidth}; pass --heads N");
        }
        var (scheme, timed) = (Scheme(weights), weights.Has("time_embed"));
        var config = new TimeSformerConfig
        {
            Attention = scheme,
            PositionalEmbedding = timed || scheme is AttentionScheme.SpaceOnly ? null : PositionalEmbedding.Space,
            NumClasses = Length("head.weight", 0),
            NumFrames = timed ? Length("time_embed", 1) : new TimeSformerConfig().NumFrames,
            ImageSize = (int)(side * patch),
            PatchSize = (int)patch,
            InChannels = (int)channels,
            EmbedDim = (int)dim,
            Depth = weights.Names.Count(name => name.EndsWith(".mlp.fc1.weight", StringComparison.Ordinal)),
            NumHeads = heads ?? (int)dim / UsualHeadWidth,
            MlpRatio = (double)Length("blocks.0.mlp.fc1.weight", 0) / dim,
            QkvBias = weights.Has("blocks.0.attn.qkv.bias"),
        };
        Validate(weights.Path, config);
        return config;

        int Length(string name, int axis) => weights.ShapeOf(name) is var shape && shape.Length > axis
            ? (int)shape[axis]
            : throw Bad($"its {name} has too few dimensions");

        CheckpointException Bad(string cause) => new(weights.Path, cause);
    }

    private static void Validate(string path, TimeSformerConfig config)
    {
        try
        {
            config.Validate();
        }
        catch (InputException error)
        {
            throw new CheckpointException(path, error.Message, error);
        }
    }

    // Names tell the schemes apart, except the last: without further attention and time embeddings, frames are processed one by one.
    private static AttentionScheme Scheme(NamedWeights weights) =>
        weights.Has("blocks.0.width_fc.weight") ? AttentionScheme.Axial
        : weights.Has("blocks.0.temporal_fc.weight") ? AttentionScheme.DividedSpaceTime
        : weights.Has("blocks.0.local_fc.weight") ? AttentionScheme.SparseLocalGlobal
        : weights.Has("time_embed") ? AttentionScheme.JointSpaceTime
        : AttentionScheme.SpaceOnly;

    // The published models see about 8 seconds: 8 x 32, 16 x 16 and 96 x 4 frames.
    private static ModelInfo WithDefaults(TimeSformerConfig model, int? samplingRate, Func<int, string?> label)
    {
        int usual = model.NumFrames >= 64 ? 4 : Math.Max(1, 256 / model.NumFrames);
        var classes = Enumerable.Range(0, model.NumClasses).Select(index => label(index) ?? $"class {index}");
        return new(model, [.. classes], samplingRate ?? usual);
    }

    // Before the model is built: sizes that the weights do not have could ask for any amount of memory.
    private ModelInfo Checked(string path, NamedWeights weights)
    {
        Validate(path, Model);
        int classes = Model.NumClasses;
        if (Classes.Count != classes) throw new CheckpointException(path, $"{Classes.Count} class names for {classes} classes");
        List<(string Name, int Axis, long Stated)> sizes =
        [
            ("patch_embed.proj.weight", 0, Model.EmbedDim), ("patch_embed.proj.weight", 1, Model.InChannels),
            ("patch_embed.proj.weight", 2, Model.PatchSize), ("blocks.0.mlp.fc1.weight", 0, (long)(Model.EmbedDim * Model.MlpRatio)),
            ("head.weight", 0, classes),
        ];
        if (Model.HasSpaceEmbedding) sizes.Add(("pos_embed", 1, 1L + Model.NumPatches));
        if (Model.HasTimeEmbedding) sizes.Add(("time_embed", 1, Model.NumFrames));
        foreach (var (name, axis, stated) in sizes)
        {
            var shape = weights.ShapeOf(name);
            if (shape.Length > axis && shape[axis] == stated) continue;
            throw new CheckpointException(
                weights.Path, $"its {name} has shape ({string.Join(", ", shape)}), but its description says {stated} in dimension {axis}");
        }
        int last = Model.Depth - 1;
        return weights.Has($"blocks.{last}.norm1.weight") ? this
            : throw new CheckpointException(weights.Path, $"it has no block {last}, but its description says {Model.Depth} blocks");
    }

    [GeneratedRegex(@"SAMPLING_RATE:\s*([1-9]\d{0,3})\b")]
    private static partial Regex SamplingRateSetting();
}
