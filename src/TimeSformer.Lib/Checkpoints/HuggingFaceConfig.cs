using System.Text.Json;
using System.Text.Json.Nodes;
using TimeSformer.Models;

namespace TimeSformer.Checkpoints;

/// <summary>The <c>config.json</c> of a Hugging Face TimeSformer: what shapes do not tell of a model.</summary>
internal static class HuggingFaceConfig
{
    /// <summary>The file's name in its folder.</summary>
    public const string FileName = "config.json";

    private const string ModelType = "timesformer";
    private const string SamplingRateKey = "frame_sampling_rate";
    private const int MaxBytes = 16 << 20;
    private const int MaxLength = 1 << 14;

    private static readonly Dictionary<AttentionScheme, string> schemes = new()
    {
        [AttentionScheme.DividedSpaceTime] = "divided_space_time",
        [AttentionScheme.JointSpaceTime] = "joint_space_time",
        [AttentionScheme.SpaceOnly] = "space_only",
    };

    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>Reads what the shapes of the weights do not tell.</summary>
    /// <returns>Heads, and functions that complete a configuration and name the classes; the sampling rate if the file has one.</returns>
    /// <exception cref="CheckpointException">It is no TimeSformer's configuration.</exception>
    public static (int Heads, Func<TimeSformerConfig, TimeSformerConfig> Complete, IReadOnlyDictionary<int, string> Labels, int? SamplingRate) Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw new CheckpointException(path, $"a configuration of more than {MaxBytes} bytes");
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            int? Int(string key) => !root.TryGetProperty(key, out var value) ? null
                : value.GetInt32() is > 0 and <= MaxLength and var length ? length : throw new CheckpointException(path, $"its {key} is {value}");
            double? Double(string key) => root.TryGetProperty(key, out var value) ? value.GetDouble() : null;
            if (!root.TryGetProperty("model_type", out var type) || type.GetString() != ModelType) throw new CheckpointException(path, $"its model_type is not {ModelType}");
            if (root.TryGetProperty("hidden_act", out var activation) && activation.GetString() != "gelu") throw new CheckpointException(path, $"its hidden_act is {activation}, this model's is gelu");
            int? frames = Int("num_frames");
            double epsilon = Double("layer_norm_eps") ?? 1e-6, dropPath = Double("drop_path_rate") ?? 0, drop = Double("hidden_dropout_prob") ?? 0;
            Dictionary<int, string> labels = [];
            if (root.TryGetProperty("id2label", out var names) && names.ValueKind is JsonValueKind.Object)
            {
                foreach (var name in names.EnumerateObject())
                {
                    if (int.TryParse(name.Name, out int label)) labels[label] = name.Value.GetString() ?? name.Name;
                }
            }
            return (Int("num_attention_heads") ?? TimeSformerConfig.Base.NumHeads,
                config => config with { LayerNormEps = epsilon, DropPathRate = dropPath, DropRate = drop, NumFrames = config.HasTimeEmbedding ? config.NumFrames : frames ?? config.NumFrames },
                labels, Int(SamplingRateKey));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or UnauthorizedAccessException or (IOException and not CheckpointException))
        {
            throw new CheckpointException(path, $"it is no TimeSformer's configuration: {error.Message}", error);
        }
    }

    /// <summary>The file's text for a model.</summary>
    /// <exception cref="ArgumentException">Hugging Face's model has no such scheme or embeddings.</exception>
    public static string Write(CheckpointInfo info)
    {
        var model = info.Model;
        if (!schemes.TryGetValue(model.Attention, out var scheme)) throw new ArgumentException($"Hugging Face's TimeSformer has no {model.Attention} attention");
        if (!model.HasSpaceEmbedding || model.HasTimeEmbedding != (model.Attention is not AttentionScheme.SpaceOnly)) throw new ArgumentException($"Hugging Face's TimeSformer has no {model.Attention} attention with the positional embeddings '{model.PositionalEmbedding}'");
        var labels = info.Classes.Index().ToList();
        return new JsonObject
        {
            ["architectures"] = new JsonArray("TimesformerForVideoClassification"),
            ["model_type"] = ModelType,
            ["attention_type"] = scheme,
            ["image_size"] = model.ImageSize,
            ["patch_size"] = model.PatchSize,
            ["num_channels"] = model.InChannels,
            ["num_frames"] = model.NumFrames,
            ["hidden_size"] = model.EmbedDim,
            ["num_hidden_layers"] = model.Depth,
            ["num_attention_heads"] = model.NumHeads,
            ["intermediate_size"] = (int)(model.EmbedDim * model.MlpRatio),
            ["hidden_act"] = "gelu",
            ["qkv_bias"] = model.QkvBias,
            ["layer_norm_eps"] = model.LayerNormEps,
            ["drop_path_rate"] = model.DropPathRate,
            ["hidden_dropout_prob"] = model.DropRate,
            ["attention_probs_dropout_prob"] = 0.0,
            ["torch_dtype"] = "float32",
            ["id2label"] = new JsonObject(labels.Select(label => KeyValuePair.Create($"{label.Index}", (JsonNode?)label.Item))),
            ["label2id"] = new JsonObject(labels.DistinctBy(label => label.Item).Select(label => KeyValuePair.Create(label.Item, (JsonNode?)label.Index))),
            [SamplingRateKey] = info.SamplingRate,
        }.ToJsonString(indented);
    }
}
