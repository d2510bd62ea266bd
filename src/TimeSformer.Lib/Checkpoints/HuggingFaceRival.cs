using System.Globalization;
using System.Text.Json;
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
    VideoModelConfig Model, VideoMaePretrainingConfig? Pretraining, IReadOnlyDictionary<int, string> Labels,
    int? SamplingRate)
{
    public const string ViViT = "vivit", VideoMae = "videomae";

    private const int MaxBytes = 16 << 20, MaxLength = 1 << 14, DefaultLabels = 2;

    // torch.nn.LayerNorm's, where its code names none.
    private const double TorchEps = 1e-5;

    /// <summary>Whether this record reads files of a <c>model_type</c>.</summary>
    public static bool Knows(string? modelType) => modelType is ViViT or VideoMae;

    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointException">It is not the configuration of a model here.</exception>
    public static HuggingFaceRival Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes) throw new CheckpointException(path, $"it has more than {MaxBytes} bytes");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="path">Where it is from, for messages.</param>
    /// <param name="modelType">What it is of; null if it says that itself.</param>
    /// <exception cref="CheckpointException">As for <see cref="Read"/>.</exception>
    public static HuggingFaceRival Parse(string text, string path, string? modelType = null)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var values = new Values(document.RootElement, path);
            var config = values.Rival(modelType ?? values.Text("model_type"));
            config.Model.Validate();
            config.Pretraining?.Validate();
            return config;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException
            or ArgumentException or InputException and not CheckpointException)
        {
            throw new CheckpointException(path, $"not a configuration of ViViT or VideoMAE: {error.Message}", error);
        }
    }

    // The members of the file.
    private sealed record Values(JsonElement Root, string Path)
    {
        public HuggingFaceRival Rival(string? modelType)
        {
            var labels = Names("id2label");
            int classes = Length("num_labels", labels.Count > 0 ? labels.Count : DefaultLabels);
            if (labels.Keys.Any(label => label < 0 || label >= classes))
            {
                throw Bad($"it names class {labels.Keys.Max()}, but there are {classes} classes");
            }
            int? rate = Root.TryGetProperty(HuggingFaceConfig.SamplingRateKey, out var stated)
                ? Bounded(HuggingFaceConfig.SamplingRateKey, stated, least: 0)
                : null;
            switch (modelType)
            {
                case ViViT:
                    return new(ViViTSizes(classes), null, labels, rate);
                case VideoMae:
                    var model = VideoMaeSizes(classes);
                    return new(model, PretrainingSizes(model), labels, rate);
                default:
                    throw Bad($"its model_type is '{modelType}', not {ViViT} or {VideoMae}");
            }
        }

        public string? Text(string key) => Root.TryGetProperty(key, out var value) ? value.GetString() : null;

        private ViViTConfig ViViTSizes(int classes)
        {
            int[] tubelet = Root.TryGetProperty("tubelet_size", out var sizes)
                ? [.. sizes.EnumerateArray().Select(size => Bounded("tubelet_size", size))]
                : [2, 16, 16];
            if (tubelet is not [var frames, var height, var width] || height != width)
            {
                throw Bad($"its tubelet_size is {string.Join("x", tubelet)}; a model here takes frames and square patches");
            }
            return new()
            {
                NumClasses = classes,
                NumFrames = Length("num_frames", 32),
                ImageSize = Length("image_size", 224),
                InChannels = Length("num_channels", 3),
                TubeletFrames = frames,
                PatchSize = height,
                EmbedDim = Width,
                Depth = Length("num_hidden_layers", 12),
                NumHeads = Length("num_attention_heads", 12),
                MlpRatio = (double)Length("intermediate_size", 3072) / Width,
                QkvBias = Flag("qkv_bias", true),
                LayerNormEps = Number("layer_norm_eps", 1e-6),
                DropRate = Number("hidden_dropout_prob", 0),
                DropPathRate = 0,
                Activation = (Text("hidden_act") ?? "gelu_fast") switch
                {
                    "gelu_fast" or "gelu_new" or "gelu_pytorch_tanh" => Activation.TanhGelu,
                    "gelu" => Activation.Gelu,
                    var other => throw Bad($"its hidden_act is '{other}', not gelu or its approximation gelu_fast"),
                },
            };
        }

        private VideoMaeConfig VideoMaeSizes(int classes)
        {
            if (Text("hidden_act") is not (null or "gelu")) throw Bad($"its hidden_act is '{Text("hidden_act")}', not 'gelu'");
            return new()
            {
                NumClasses = classes,
                NumFrames = Length("num_frames", 16),
                ImageSize = Length("image_size", 224),
                InChannels = Length("num_channels", 3),
                TubeletFrames = Length("tubelet_size", 2),
                PatchSize = Length("patch_size", 16),
                EmbedDim = Width,
                Depth = Length("num_hidden_layers", 12),
                NumHeads = Length("num_attention_heads", 12),
                MlpRatio = (double)Length("intermediate_size", 3072) / Width,
                QkvBias = Flag("qkv_bias", true),
                LayerNormEps = Number("layer_norm_eps", 1e-12),
                LastNormEps = TorchEps,
                DropRate = Number("hidden_dropout_prob", 0),
                DropPathRate = 0,
                MeanPooling = Flag("use_mean_pooling", true),
            };
        }

        // Null for a classifier.
        private VideoMaePretrainingConfig? PretrainingSizes(VideoMaeConfig encoder)
        {
            bool isPretraining = Root.TryGetProperty("architectures", out var names)
                && names.EnumerateArray().Any(name => name.GetString() == "VideoMAEForPreTraining");
            if (!isPretraining) return null;
            if (!Flag("norm_pix_loss", true)) throw Bad("its norm_pix_loss is false; the loss here is that of normalized pixels");
            int width = Length("decoder_hidden_size", 384);
            return new(encoder)
            {
                DecoderDim = width,
                DecoderDepth = Length("decoder_num_hidden_layers", 4),
                DecoderHeads = Length("decoder_num_attention_heads", 6),
                DecoderMlpRatio = (double)Length("decoder_intermediate_size", 1536) / width,
            };
        }

        private int Width => Length("hidden_size", 768);

        private int Length(string key, int usual) => Root.TryGetProperty(key, out var value) ? Bounded(key, value) : usual;

        private int Bounded(string key, JsonElement value, int least = 1) =>
            value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out int length) && length >= least && length <= MaxLength
                ? length
                : throw Bad($"its {key} is {value.ToString().Shorten()}; it must be a number between {least} and {MaxLength}");

        private double Number(string key, double usual) => Root.TryGetProperty(key, out var value) ? value.GetDouble() : usual;

        private bool Flag(string key, bool usual) => Root.TryGetProperty(key, out var value) ? value.GetBoolean() : usual;

        private Dictionary<int, string> Names(string key) => !Root.TryGetProperty(key, out var value) ? []
            : value.EnumerateObject().ToDictionary(
                name => int.Parse(name.Name, CultureInfo.InvariantCulture), name => name.Value.GetString() ?? name.Name);

        private CheckpointException Bad(string cause) => new(Path, cause);
    }
}
