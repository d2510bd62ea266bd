using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TimeSformer.Checkpoints;

/// <summary>What an ONNX file's metadata_props say of a model's clips and classes, so that its user can prepare clips.</summary>
internal static class OnnxMetadata
{
    private static readonly JsonSerializerOptions relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// <c>classes</c>, a JSON array of names in the order of the logits; <c>num_frames</c>; <c>sampling_rate</c>, the distance between a
    /// clip's frames in the video, in frames at 30 per second, 0 for the whole video; <c>short_side</c>, the pixels that a frame's short
    /// side is scaled to; <c>crop_size</c>, the height and width of the center crop; <c>mean</c> and <c>std</c>, JSON arrays for red, green
    /// and blue: colors, as values in [0, 1], become (value - mean) / std.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(ModelInfo info) =>
    [
        new("classes", JsonSerializer.Serialize(info.Classes, relaxed)),
        new("num_frames", Number(info.Model.NumFrames)),
        new("sampling_rate", Number(info.SamplingRate)),
        new("short_side", Number(info.ShortSide ?? info.Model.ImageSize)),
        new("crop_size", Number(info.Model.ImageSize)),
        new("mean", JsonSerializer.Serialize(info.Normalization.Mean)),
        new("std", JsonSerializer.Serialize(info.Normalization.Std)),
    ];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
