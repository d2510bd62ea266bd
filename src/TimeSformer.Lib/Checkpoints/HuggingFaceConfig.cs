using System.Globalization;
using System.Text.Json;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;

namespace TimeSformer.Checkpoints;

/// <summary>The <c>config.json</c> of a Hugging Face TimeSformer: what shapes do not tell; null if not stated.</summary>
internal sealed record HuggingFaceConfig(
    int NumHeads, double LayerNormEps, double DropRate, double DropPathRate, int? NumFrames, IReadOnlyDictionary<int, string> Labels,
    int? SamplingRate, IReadOnlyDictionary<string, string> Sizes)
{
    public const string FileName = "config.json";

    public const string ModelType = "timesformer", Activation = "gelu", SamplingRateKey = "frame_sampling_rate";

    private static readonly string[] sizeKeys = ["attention_type", "image_size", "patch_size", "num_channels", "num_frames"];
    private const int MaxBytes = 16 << 20, MaxLength = 1 << 14;

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
            HuggingFaceWriter.NameOf(sizes.Attention), $"{complete.ImageSize}", $"{complete.PatchSize}", $"{complete.InChannels}",
            $"{complete.NumFrames}",
        ];
        foreach (var (key, value) in sizeKeys.Zip(has))
        {
            if (Sizes.GetValueOrDefault(key) is not { } stated || stated == value) continue;
            throw new CheckpointException(path, $"its {key} is {stated.Shorten()}, but the weights beside it are of a model with {value}");
        }
        return complete;
    }
}
