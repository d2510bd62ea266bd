using System.Text.Json;
using System.Text.Json.Nodes;
using TimeSformer.Models;
using TimeSformer.Models.Attention;

namespace TimeSformer.Checkpoints;

/// <summary>The <c>config.json</c> with which Hugging Face's transformers build a TimeSformer, a ViViT or a VideoMAE.</summary>
internal static class HuggingFaceWriter
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>The text of the file for a model, and the names of its weights.</summary>
    /// <exception cref="InputException">Hugging Face has no such model.</exception>
    public static (string Config, NamingFamily Names) Write(ModelInfo info)
    {
        var (config, names) = info.Model switch
        {
            TimeSformerConfig model => (TimeSformer(model), Naming.HuggingFaceTimeSformer),
            ViViTConfig { Encoder: ViViTEncoder.Joint } model => (ViViT(model), Naming.HuggingFaceViViT),
            VideoMaeConfig model => (VideoMae(model), Naming.HuggingFaceVideoMae),
            var other => throw new InputException(
                $"Hugging Face's format holds TimeSformer, joint ViViT and VideoMAE, not a {other.Summary}; choose another"),
        };
        var sizes = (TransformerConfig)info.Model;
        var labels = info.Classes.Index().ToList();
        config["image_size"] = sizes.ImageSize;
        config["num_channels"] = sizes.InChannels;
        config["num_frames"] = sizes.NumFrames;
        config["hidden_size"] = sizes.EmbedDim;
        config["num_hidden_layers"] = sizes.Depth;
        config["num_attention_heads"] = sizes.NumHeads;
        config["intermediate_size"] = (int)(sizes.EmbedDim * sizes.MlpRatio);
        config["qkv_bias"] = sizes.QkvBias;
        config["layer_norm_eps"] = sizes.LayerNormEps;
        config["hidden_dropout_prob"] = sizes.DropRate;
        config["attention_probs_dropout_prob"] = 0.0;
        config["torch_dtype"] = "float32";
        config["id2label"] = new JsonObject(labels.Select(label => KeyValuePair.Create($"{label.Index}", (JsonNode?)label.Item)));
        config["label2id"] = new JsonObject(
            labels.DistinctBy(label => label.Item).Select(label => KeyValuePair.Create(label.Item, (JsonNode?)label.Index)));
        config[HuggingFaceConfig.SamplingRateKey] = info.SamplingRate;
        return (config.ToJsonString(indented), names);
    }

    /// <summary>Hugging Face's name of an attention scheme.</summary>
    public static string NameOf(AttentionScheme scheme) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{scheme}");

    private static JsonObject TimeSformer(TimeSformerConfig model)
    {
        bool isSpaceOnly = model.Attention is AttentionScheme.SpaceOnly;
        if (!isSpaceOnly && model.Attention is not (AttentionScheme.DividedSpaceTime or AttentionScheme.JointSpaceTime)) throw Unknown("");
        bool hasUsualEmbeddings = model.HasSpaceEmbedding && model.HasTimeEmbedding == !isSpaceOnly;
        if (!hasUsualEmbeddings) throw Unknown($" with positional embedding {model.PositionalEmbedding}");
        return new()
        {
            ["architectures"] = new JsonArray("TimesformerForVideoClassification"),
            ["model_type"] = HuggingFaceViT.TimeSformer,
            ["attention_type"] = NameOf(model.Attention),
            ["patch_size"] = model.PatchSize,
            ["hidden_act"] = HuggingFaceConfig.Activation,
            ["drop_path_rate"] = model.DropPathRate,
        };

        InputException Unknown(string embedding) => new($"Hugging Face's TimeSformer has no {model.Attention} attention{embedding}");
    }

    private static JsonObject ViViT(ViViTConfig model) => new()
    {
        ["architectures"] = new JsonArray("VivitForVideoClassification"),
        ["model_type"] = HuggingFaceRival.ViViT,
        ["tubelet_size"] = new JsonArray(model.TubeletFrames, model.PatchSize, model.PatchSize),
        ["hidden_act"] = model.Activation is Activation.TanhGelu ? "gelu_fast" : "gelu",
    };

    private static JsonObject VideoMae(VideoMaeConfig model) => new()
    {
        ["architectures"] = new JsonArray("VideoMAEForVideoClassification"),
        ["model_type"] = HuggingFaceRival.VideoMae,
        ["patch_size"] = model.PatchSize,
        ["tubelet_size"] = model.TubeletFrames,
        ["hidden_act"] = HuggingFaceConfig.Activation,
        ["use_mean_pooling"] = model.MeanPooling,
    };
}
