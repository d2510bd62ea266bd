using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Models.Attention;

namespace TimeSformer.Checkpoints;

/// <summary>The <c>config.json</c> of a Hugging Face ViViT or VideoMAE.</summary>
/// <param name="Model">The sizes; those that it does not state are Hugging Face's defaults.</param>
/// <param name="Pretraining">The sizes of VideoMAE's pre-training, if the model is one.</param>
/// <param name="Labels">The names of classes.</param>
/// <param name="SamplingRate">As <see cref="ModelInfo.SamplingRate"/>; only this library states it.</param>
internal sealed record HuggingFaceRival(
    TransformerConfig Model, VideoMaePretrainingConfig? Pretraining, IReadOnlyDictionary<int, string> Labels, int? SamplingRate)
{
    public const string ViViT = "vivit", VideoMae = "videomae";

    private const int DefaultLabels = 2;

    // torch.nn.LayerNorm's, where its code names none.
    private const double TorchEps = 1e-5;

    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointException">It is not the configuration of a model here.</exception>
    public static HuggingFaceRival Read(string path) => HuggingFaceConfig.Read(path, config => Of(config, config.Text("model_type")));

    /// <summary>Reads the text of a file.</summary>
    /// <param name="path">Where it is from, for messages.</param>
    /// <param name="modelType">What it is of; null if it says that itself.</param>
    /// <exception cref="CheckpointException">As for <see cref="Read"/>.</exception>
    public static HuggingFaceRival Parse(string text, string path, string? modelType = null) =>
        HuggingFaceConfig.Parse(text, path, config => Of(config, modelType ?? config.Text("model_type")));

    private static HuggingFaceRival Of(HuggingFaceConfig config, string? modelType)
    {
        var labels = config.Labels;
        int classes = config.Length("num_labels") ?? (labels.Count > 0 ? labels.Count : DefaultLabels);
        if (labels.Keys.Any(label => label < 0 || label >= classes))
        {
            throw config.Bad($"it names class {labels.Keys.Max()}, but there are {classes} classes");
        }
        TransformerConfig model;
        VideoMaePretrainingConfig? pretraining = null;
        switch (modelType)
        {
            case ViViT:
                model = ViViTSizes(config, classes);
                break;
            case VideoMae:
                var encoder = VideoMaeSizes(config, classes);
                (model, pretraining) = (encoder, PretrainingSizes(config, encoder));
                break;
            default:
                throw config.Bad($"its model_type is '{modelType}', not {ViViT} or {VideoMae}");
        }
        model.Validate();
        pretraining?.Validate();
        return new(model, pretraining, labels, config.SamplingRate);
    }

    private static ViViTConfig ViViTSizes(HuggingFaceConfig config, int classes)
    {
        int[] tubelet = config.Find("tubelet_size") is { } sizes
            ? [.. sizes.EnumerateArray().Select(size => config.Length("tubelet_size", size))]
            : [2, 16, 16];
        if (tubelet is not [var frames, var height, var width] || height != width)
        {
            throw config.Bad($"its tubelet_size is {string.Join("x", tubelet)}; a model here takes frames and square patches");
        }
        return new()
        {
            NumClasses = classes,
            NumFrames = config.Length("num_frames") ?? 32,
            ImageSize = config.Length("image_size") ?? 224,
            InChannels = config.Length("num_channels") ?? 3,
            TubeletFrames = frames,
            PatchSize = height,
            EmbedDim = Width(config),
            Depth = config.Length("num_hidden_layers") ?? 12,
            NumHeads = config.Length("num_attention_heads") ?? 12,
            MlpRatio = (double)(config.Length("intermediate_size") ?? 3072) / Width(config),
            QkvBias = config.Flag("qkv_bias") ?? true,
            LayerNormEps = config.Number("layer_norm_eps") ?? 1e-6,
            DropRate = config.Number("hidden_dropout_prob") ?? 0,
            DropPathRate = 0,
            Activation = (config.Text("hidden_act") ?? "gelu_fast") switch
            {
                "gelu_fast" or "gelu_new" or "gelu_pytorch_tanh" => Activation.TanhGelu,
                HuggingFaceConfig.Activation => Activation.Gelu,
                var other => throw config.Bad($"its hidden_act is '{other}', not gelu or its approximation gelu_fast"),
            },
        };
    }

    private static VideoMaeConfig VideoMaeSizes(HuggingFaceConfig config, int classes)
    {
        config.Require("hidden_act", HuggingFaceConfig.Activation, usual: HuggingFaceConfig.Activation);
        return new()
        {
            NumClasses = classes,
            NumFrames = config.Length("num_frames") ?? 16,
            ImageSize = config.Length("image_size") ?? 224,
            InChannels = config.Length("num_channels") ?? 3,
            TubeletFrames = config.Length("tubelet_size") ?? 2,
            PatchSize = config.Length("patch_size") ?? 16,
            EmbedDim = Width(config),
            Depth = config.Length("num_hidden_layers") ?? 12,
            NumHeads = config.Length("num_attention_heads") ?? 12,
            MlpRatio = (double)(config.Length("intermediate_size") ?? 3072) / Width(config),
            QkvBias = config.Flag("qkv_bias") ?? true,
            LayerNormEps = config.Number("layer_norm_eps") ?? 1e-12,
            LastNormEps = TorchEps,
            DropRate = config.Number("hidden_dropout_prob") ?? 0,
            DropPathRate = 0,
            MeanPooling = config.Flag("use_mean_pooling") ?? true,
        };
    }

    // Null for a classifier.
    private static VideoMaePretrainingConfig? PretrainingSizes(HuggingFaceConfig config, VideoMaeConfig encoder)
    {
        bool isPretraining = config.Find("architectures") is { } names
            && names.EnumerateArray().Any(name => name.GetString() == "VideoMAEForPreTraining");
        if (!isPretraining) return null;
        bool isNormalized = config.Flag("norm_pix_loss") ?? true;
        if (!isNormalized) throw config.Bad("its norm_pix_loss is false; the loss here is that of normalized pixels");
        int width = config.Length("decoder_hidden_size") ?? 384;
        return new(encoder)
        {
            DecoderDim = width,
            DecoderDepth = config.Length("decoder_num_hidden_layers") ?? 4,
            DecoderHeads = config.Length("decoder_num_attention_heads") ?? 6,
            DecoderMlpRatio = (double)(config.Length("decoder_intermediate_size") ?? 1536) / width,
        };
    }

    private static int Width(HuggingFaceConfig config) => config.Length("hidden_size") ?? 768;
}
