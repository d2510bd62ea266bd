using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Video;

namespace TimeSformer.Checkpoints;

/// <summary>What predicting needs besides weights: the model's sizes, its class names, and how to sample and normalize its clips.</summary>
/// <param name="Classes">Class names in the order of the head's outputs.</param>
/// <param name="SamplingRate">Distance between a clip's frames in the video, in frames at 30 per second; 0 for the whole video.</param>
public sealed record ModelInfo(VideoModelConfig Model, IReadOnlyList<string> Classes, int SamplingRate)
{
    internal const string FileName = "checkpoint.json", TorchKey = "checkpoint_json"; // a file, and a key in a PyTorch file

    private const int UsualHeadWidth = 64, MaxSamplingRate = 1 << 14, MaxShortSide = 1 << 14;
    private const string NormalizationKey = "normalization";

    private static readonly JsonSerializerOptions json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowOutOfOrderMetadataProperties = true,
    };

    /// <summary>How the colors of its clips are normalized.</summary>
    public ClipNormalization Normalization { get; init; } = ClipNormalization.Default;

    /// <summary>Length in pixels that the short side of a frame is scaled to before the center crop; null for that of the crop.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ShortSide { get; init; }

    /// <summary>What nobody says of the model and was therefore assumed.</summary>
    [JsonIgnore]
    public IReadOnlyList<Assumption> Assumed { get; init; } = [];

    /// <summary>What the file holds beside data and was passed over unread, with its types.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>The clips that the model takes.</summary>
    [JsonIgnore]
    public ClipFormat Clip => new(Model.NumFrames, SamplingRate, Model.ImageSize) { ShortSide = ShortSide, Normalization = Normalization };

    /// <summary>The text of <c>checkpoint.json</c>.</summary>
    /// <param name="more">An object whose members follow.</param>
    internal string ToJson(object? more = null)
    {
        var members = JsonSerializer.SerializeToNode(this, json)!.AsObject();
        // As files of earlier versions, which know no other.
        if (Normalization == ClipNormalization.Default) members.Remove(NormalizationKey);
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
            var node = JsonNode.Parse(text) ?? throw new CheckpointException(path, "it is empty");
            // As in files of earlier versions, which know no other.
            if (node is JsonObject && node["model"] is JsonObject model) model.TryAdd(VideoModelConfig.ArchitectureKey, VideoModelConfig.TimeSformer);
            return node.Deserialize<T>(json)!;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or NotSupportedException)
        {
            throw new CheckpointException(path, error.Message.ReplaceLineEndings(" "), error);
        }
    }

    /// <summary>
    /// Describes a file's model by what the file itself says (checkpoint.json as text, or the official cfg), else by checkpoint.json or
    /// Hugging Face's files beside it, else by its weights.
    /// </summary>
    /// <param name="given">Goes before all of these.</param>
    /// <exception cref="CheckpointException">The file is not a whole model, or its weights do not match its description.</exception>
    internal static ModelInfo Of(TensorFile file, NamedWeights weights, ModelFacts given)
    {
        var info = Own(file, weights)?.With(given) ?? Inferred(file, weights, given);
        Validate(file.Path, info.Model);
        if (info.ShortSide < info.Model.ImageSize || info.ShortSide > MaxShortSide)
        {
            throw new CheckpointException(file.Path, $"frames scaled to {info.ShortSide} pixels for crops of {info.Model.ImageSize}");
        }
        if (info.SamplingRate is < 0 or > MaxSamplingRate)
        {
            throw new CheckpointException(file.Path, $"its sampling rate is {info.SamplingRate}; it must be from 0 to {MaxSamplingRate}");
        }
        return info with { PassedOver = file.PassedOver };
    }

    /// <summary>How colors were normalized for a file's weights, a whole model's or not; null if nothing says it.</summary>
    internal static ClipNormalization? NormalizationOf(TensorFile file, NamedWeights weights)
    {
        if (Own(file, weights) is { } own) return own.Normalization;
        var preprocessor = Beside(file, HuggingFacePreprocessor.FileName);
        var facts = weights.Family.IsHuggingFace && File.Exists(preprocessor) ? HuggingFacePreprocessor.Read(preprocessor)
            : OfficialText(file) is { } text ? OfficialConfig.Read(text)
            : new();
        return facts.Mean is null && facts.Std is null ? null : new(facts.Mean, facts.Std);
    }

    /// <summary>The description with what a caller says.</summary>
    internal ModelInfo With(ModelFacts given) => this with
    {
        Model = (Model is TimeSformerConfig sizes ? sizes with { NumHeads = given.NumHeads ?? sizes.NumHeads } : Model) with
        {
            NumFrames = given.NumFrames ?? Model.NumFrames, ImageSize = given.ImageSize ?? Model.ImageSize,
        },
        SamplingRate = given.SamplingRate ?? SamplingRate,
        ShortSide = given.ShortSide ?? (given.ImageSize is null ? ShortSide : null),
        Normalization = new(given.Mean ?? Normalization.Mean, given.Std ?? Normalization.Std),
    };

    // This program's own description, in the file or beside it.
    private static ModelInfo? Own(TensorFile file, NamedWeights weights)
    {
        var torch = (file as TorchFile)?.Root as OrderedDictionary<string, object?>;
        if (torch?.GetValueOrDefault(TorchKey) is string text)
        {
            return Parse<ModelInfo>(file.Path, Encoding.UTF8.GetBytes(text)).Checked(file.Path, weights);
        }
        var path = Beside(file, FileName);
        if (torch?.ContainsKey(OfficialConfig.TorchKey) == true || !File.Exists(path)) return null;
        var beside = Parse<ModelInfo>(path, File.ReadAllBytes(path));
        try
        {
            return beside.Checked(path, weights);
        }
        catch (CheckpointException) when (Path.GetFileName(file.Path) != Checkpoint.WeightsName)
        {
            return null; // another model's weights under another name
        }
    }

    private static string Beside(TensorFile file, string name) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, name);

    private static ModelInfo Inferred(TensorFile file, NamedWeights weights, ModelFacts given)
    {
        var (sizes, found) = Found(file, weights, given.NumHeads);
        var facts = given.Or(found);
        List<Assumption> assumed = [];
        T Or<T>(T? stated, T usual, string name, string option) where T : struct
        {
            if (stated is null) assumed.Add(new($"{name} {usual}", option));
            return stated ?? usual;
        }

        IReadOnlyList<double> Colors(IReadOnlyList<double>? stated, IReadOnlyList<double> usual, string name)
        {
            if (stated is null) assumed.Add(new($"{name} {ClipNormalization.Text(usual)}", $"--{name}"));
            return stated ?? usual;
        }

        var model = sizes with
        {
            NumHeads = Or(facts.NumHeads, sizes.NumHeads, "heads", "--heads"),
            NumFrames = Or(facts.NumFrames ?? (sizes.HasTimeEmbedding ? sizes.NumFrames : null), sizes.NumFrames, "frames", "--frames"),
            ImageSize = facts.ImageSize ?? sizes.ImageSize,
        };
        // The published models see about 8 seconds: 8 x 32, 16 x 16 and 96 x 4 frames.
        int usual = model.NumFrames >= 64 ? 4 : Math.Max(1, 256 / model.NumFrames);
        int rate = Or(facts.SamplingRate, usual, "sampling rate", "--sampling-rate");
        var official = ClipNormalization.Default;
        ClipNormalization normalization = new(Colors(facts.Mean, official.Mean, "mean"), Colors(facts.Std, official.Std, "std"));
        var named = Enumerable.Range(0, model.NumClasses).Select(facts.Classes.GetValueOrDefault).ToList();
        if (named.Contains(null)) assumed.Add(new("class names that are only numbers"));
        assumed.AddRange(facts.Notes.Select(note => new Assumption(note)));
        return new(model, [.. named.Select((name, label) => name ?? $"class {label}")], rate)
        {
            Normalization = normalization, ShortSide = facts.ShortSide, Assumed = assumed,
        };
    }

    // The sizes of the weights, and what is said beside them.
    private static (TimeSformerConfig Sizes, ModelFacts Facts) Found(TensorFile file, NamedWeights weights, int? heads)
    {
        var (config, preprocessor) = (Beside(file, HuggingFaceConfig.FileName), Beside(file, HuggingFacePreprocessor.FileName));
        if (weights.Family == Naming.HuggingFaceTimeSformer && File.Exists(config))
        {
            var theirs = HuggingFaceConfig.Read(config);
            var sizes = theirs.Complete(InferConfig(weights, heads ?? theirs.NumHeads), config);
            if (theirs.Labels.Keys.Any(label => label < 0 || label >= sizes.NumClasses))
            {
                throw new CheckpointException(
                    config, $"it names class {theirs.Labels.Keys.Max()}, but the weights beside it have {sizes.NumClasses} classes");
            }
            ModelFacts facts = new()
            {
                NumHeads = theirs.NumHeads, NumFrames = theirs.NumFrames, SamplingRate = theirs.SamplingRate, Classes = theirs.Labels,
            };
            return (sizes, File.Exists(preprocessor) ? facts.Or(HuggingFacePreprocessor.Read(preprocessor)) : facts);
        }
        var inferred = InferConfig(weights, heads);
        return (inferred, OfficialText(file) is { } text ? OfficialConfig.Read(text, inferred) : new());
    }

    private static string? OfficialText(TensorFile file) =>
        ((file as TorchFile)?.Root as OrderedDictionary<string, object?>)?.GetValueOrDefault(OfficialConfig.TorchKey) as string;

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

    private static void Validate(string path, VideoModelConfig config)
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

    // Before the model is built: sizes that the weights do not have could ask for any amount of memory.
    private ModelInfo Checked(string path, NamedWeights weights)
    {
        Validate(path, Model);
        int classes = Model.NumClasses;
        if (Classes.Count != classes) throw new CheckpointException(path, $"{Classes.Count} class names for {classes} classes");
        foreach (var (name, axis, stated) in Model.WeightSizes)
        {
            var shape = weights.ShapeOf(name);
            if (shape.Length > axis && shape[axis] == stated) continue;
            throw new CheckpointException(
                weights.Path, $"its {name} has shape ({string.Join(", ", shape)}), but its description says {stated} in dimension {axis}");
        }
        return this;
    }
}
