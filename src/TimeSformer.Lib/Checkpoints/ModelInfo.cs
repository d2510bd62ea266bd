using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Video;

namespace TimeSformer.Checkpoints;

/// <summary>What predicting needs besides weights: the model's sizes, its class names, and how to sample and normalize its clips.</summary>
/// <param name="Classes">Class names in the order of the head's outputs.</param>
/// <param name="SamplingRate">Distance between a clip's frames in the video, in frames at 30 per second; 0 for the whole video.</param>
public sealed record ModelInfo(VideoModelConfig Model, IReadOnlyList<string> Classes, int SamplingRate)
{
    internal const string FileName = "checkpoint.json", TorchKey = "checkpoint_json"; // a file, and a key in a PyTorch file

    private const int MaxSamplingRate = 1 << 14, MaxShortSide = 1 << 14;
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
            if (node is JsonObject && node["model"] is JsonObject model)
            {
                model.TryAdd(VideoModelConfig.ArchitectureKey, VideoModelConfig.TimeSformer);
            }
            return node.Deserialize<T>(json)!;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or NotSupportedException
            or InvalidOperationException)
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
        var info = Own(file, weights)?.With(given) ?? InferredModel.Of(file, weights, given);
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
            : OfficialConfig.TextIn(file) is { } text ? OfficialConfig.Read(text)
            : new();
        return facts.Mean is null && facts.Std is null ? null : new(facts.Mean, facts.Std);
    }

    /// <summary>The description with what a caller says.</summary>
    internal ModelInfo With(ModelFacts given) => this with
    {
        Model = (Model is TransformerConfig sizes ? sizes with { NumHeads = given.NumHeads ?? sizes.NumHeads } : Model) with
        {
            NumFrames = given.NumFrames ?? Model.NumFrames,
            ImageSize = given.ImageSize ?? Model.ImageSize,
        },
        Classes = given.Classes.Count > 0 ? [.. Classes.Select((name, label) => given.Classes.GetValueOrDefault(label, name))] : Classes,
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

    /// <summary>A file beside another.</summary>
    internal static string Beside(TensorFile file, string name) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, name);

    internal static void Validate(string path, VideoModelConfig config)
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

    /// <summary>Throws unless a model's sizes are valid and those of weights: else it could ask for any amount of memory.</summary>
    /// <exception cref="CheckpointException">Names the first that is wrong.</exception>
    internal static void RequireSizes(NamedWeights weights, VideoModelConfig model)
    {
        Validate(weights.Path, model);
        foreach (var (name, shape) in model.WeightSizes)
        {
            if (name == "head.weight" && !weights.Has(name)) continue; // a backbone's, which only starts a model
            var found = weights.ShapeOf(name);
            if (found.AsSpan().SequenceEqual(shape)) continue;
            throw new CheckpointException(
                weights.Path, $"its {name} has shape ({string.Join(", ", found)}); by its description or its other weights, "
                + $"it would be ({string.Join(", ", shape)})");
        }
    }

    private ModelInfo Checked(string path, NamedWeights weights)
    {
        Validate(path, Model);
        int classes = Model.NumClasses;
        if (Classes.Count != classes) throw new CheckpointException(path, $"{Classes.Count} class names for {classes} classes");
        RequireSizes(weights, Model);
        return this;
    }
}
