using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Models.Attention;

namespace TimeSformer.Checkpoints;

/// <summary>The <c>config.json</c> of a Hugging Face TimeSformer: what shapes do not tell; null if not stated.</summary>
internal sealed record HuggingFaceConfig(
    int NumHeads, double LayerNormEps, double DropRate, double DropPathRate, int? NumFrames, IReadOnlyDictionary<int, string> Labels,
    int? SamplingRate, IReadOnlyDictionary<string, string> Sizes)
{
    public const string FileName = "config.json";

    private const string ModelType = "timesformer", Activation = "gelu", SamplingRateKey = "frame_sampling_rate";
    private static readonly string[] sizeKeys = ["attention_type", "image_size", "patch_size", "num_channels", "num_frames"];
    private const int MaxBytes = 16 << 20, MaxLength = 1 << 14;
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>Reads a file; missing keys have Hugging Face's defaults.</summary>
    /// <exception cref="CheckpointException">It is not a TimeSformer configuration.</exception>
    public static HuggingFaceConfig Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw new CheckpointException(path, $"it has more than {MaxBytes} bytes");
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            RequireText("model_type", ModelType, Text("model_type"));
            RequireText("hidden_act", Activation, Text("hidden_act") ?? Activation);
            return new(
                Length("num_attention_heads") ?? TimeSformerConfig.Base.NumHeads, Number("layer_norm_eps") ?? 1e-6,
                Number("hidden_dropout_prob") ?? 0, Number("drop_path_rate") ?? 0, Length("num_frames"), Names("id2label"),
                Length(SamplingRateKey, least: 0) ?? Length("sampling_rate", least: 0),
                sizeKeys.Where(key => root.TryGetProperty(key, out _)).ToDictionary(key => key, key => $"{root.GetProperty(key)}"));

            void RequireText(string key, string expected, string? found)
            {
                if (found != expected) throw new CheckpointException(path, $"its {key} is '{found}', not '{expected}'");
            }

            string? Text(string key) => root.TryGetProperty(key, out var value) ? value.GetString() : null;
            double? Number(string key) => root.TryGetProperty(key, out var value) ? value.GetDouble() : null;
            int? Length(string key, int least = 1) => !root.TryGetProperty(key, out var value) ? null
                : value.GetInt32() is <= MaxLength and var length && length >= least ? length
                : throw new CheckpointException(path, $"its {key} is {value}; it must be between {least} and {MaxLength}");
            Dictionary<int, string> Names(string key) => !root.TryGetProperty(key, out var value) ? []
                : value.EnumerateObject().ToDictionary(
                    name => int.Parse(name.Name, CultureInfo.InvariantCulture), name => name.Value.GetString() ?? name.Name);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException
            or ArgumentException)
        {
            throw new CheckpointException(path, $"not a TimeSformer configuration: {error.Message}", error);
        }
    }

    /// <summary>Completes a configuration that was inferred from weights.</summary>
    /// <exception cref="CheckpointException">A size here contradicts the weights.</exception>
    public TimeSformerConfig Complete(TimeSformerConfig sizes, string path)
    {
        var complete = sizes with
        {
            LayerNormEps = LayerNormEps,
            DropRate = DropRate,
            DropPathRate = DropPathRate,
            NumFrames = sizes.HasTimeEmbedding ? sizes.NumFrames : NumFrames ?? sizes.NumFrames,
        };
        string[] has =
        [
            NameOf(sizes.Attention), $"{complete.ImageSize}", $"{complete.PatchSize}", $"{complete.InChannels}", $"{complete.NumFrames}",
        ];
        foreach (var (key, value) in sizeKeys.Zip(has))
        {
            if (Sizes.GetValueOrDefault(key) is not { } stated || stated == value) continue;
            throw new CheckpointException(path, $"its {key} is {stated.Shorten()}, but the weights beside it are of a model with {value}");
        }
        return complete;
    }

    /// <summary>The text of the file for a model.</summary>
    /// <exception cref="InputException">Hugging Face's model has no such scheme or embeddings.</exception>
    public static string Write(ModelInfo info)
    {
        var model = info.Model as TimeSformerConfig
            ?? throw new InputException("Hugging Face's format is written for TimeSformer models alone; choose another");
        bool isSpaceOnly = model.Attention is AttentionScheme.SpaceOnly;
        if (!isSpaceOnly && model.Attention is not (AttentionScheme.DividedSpaceTime or AttentionScheme.JointSpaceTime)) throw Unknown("");
        bool hasUsualEmbeddings = model.HasSpaceEmbedding && model.HasTimeEmbedding == !isSpaceOnly;
        if (!hasUsualEmbeddings) throw Unknown($" with positional embedding {model.PositionalEmbedding}");
        var labels = info.Classes.Index().ToList();
        return new JsonObject
        {
            ["architectures"] = new JsonArray("TimesformerForVideoClassification"),
            ["model_type"] = ModelType,
            ["attention_type"] = NameOf(model.Attention),
            ["image_size"] = model.ImageSize,
            ["patch_size"] = model.PatchSize,
            ["num_channels"] = model.InChannels,
            ["num_frames"] = model.NumFrames,
            ["hidden_size"] = model.EmbedDim,
            ["num_hidden_layers"] = model.Depth,
            ["num_attention_heads"] = model.NumHeads,
            ["intermediate_size"] = (int)(model.EmbedDim * model.MlpRatio),
            ["hidden_act"] = Activation,
            ["qkv_bias"] = model.QkvBias,
            ["layer_norm_eps"] = model.LayerNormEps,
            ["drop_path_rate"] = model.DropPathRate,
            ["hidden_dropout_prob"] = model.DropRate,
            ["attention_probs_dropout_prob"] = 0.0,
            ["torch_dtype"] = "float32",
            ["id2label"] = new JsonObject(labels.Select(label => KeyValuePair.Create($"{label.Index}", (JsonNode?)label.Item))),
            ["label2id"] = new JsonObject(
                labels.DistinctBy(label => label.Item).Select(label => KeyValuePair.Create(label.Item, (JsonNode?)label.Index))),
            [SamplingRateKey] = info.SamplingRate,
        }.ToJsonString(indented);

        InputException Unknown(string embedding) => new($"Hugging Face's TimeSformer has no {model.Attention} attention{embedding}");
    }

    private static string NameOf(AttentionScheme scheme) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{scheme}");
}
