using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;

namespace TimeSformer.Checkpoints;

/// <summary>
/// The <c>config.json</c> of a Hugging Face TimeSformer or image ViT: what shapes do not tell. What it does not state has Hugging Face's
/// defaults, or is null.
/// </summary>
internal sealed record HuggingFaceViT(
    int NumHeads, double LayerNormEps, double DropRate, double DropPathRate, int? NumFrames, IReadOnlyDictionary<int, string> Labels,
    int? SamplingRate, IReadOnlyDictionary<string, string> Sizes)
{
    public const string TimeSformer = "timesformer";

    private static readonly string[] sizeKeys = ["attention_type", "image_size", "patch_size", "num_channels", "num_frames"];

    /// <summary>Reads a file.</summary>
    /// <param name="isVideo">Whether it must be a TimeSformer's; else it is an image model's.</param>
    /// <exception cref="CheckpointException">It is not the configuration of a model here.</exception>
    public static HuggingFaceViT Read(string path, bool isVideo) => HuggingFaceConfig.Read(path, config =>
    {
        if (isVideo) config.Require("model_type", TimeSformer, usual: null);
        config.Require("hidden_act", HuggingFaceConfig.Activation, usual: HuggingFaceConfig.Activation);
        return new HuggingFaceViT(
            config.Length("num_attention_heads") ?? TimeSformerConfig.Base.NumHeads,
            config.Number("layer_norm_eps") ?? (isVideo ? 1e-6 : 1e-12),
            config.Number("hidden_dropout_prob") ?? 0, config.Number("drop_path_rate") ?? 0, config.Length("num_frames"), config.Labels,
            config.SamplingRate,
            sizeKeys.Where(key => config.Find(key) is not null).ToDictionary(key => key, key => $"{config.Find(key)}"));
    });

    /// <summary>Completes a configuration that was inferred from weights.</summary>
    /// <exception cref="CheckpointException">A size or a label here contradicts the weights.</exception>
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
        if (Labels.Keys.Any(label => label < 0 || label >= sizes.NumClasses))
        {
            throw new CheckpointException(
                path, $"it names class {Labels.Keys.Max()}, but the weights beside it have {sizes.NumClasses} classes");
        }
        return complete;
    }
}
