using System.Text.Json;
using System.Text.Json.Nodes;
using TimeSformer.Checkpoints.Formats;

namespace TimeSformer.Checkpoints;

/// <summary>
/// The <c>preprocessor_config.json</c> beside a Hugging Face model: how its image processor (VideoMAE's, or ViViT's) makes clips of frames.
/// </summary>
internal static class HuggingFacePreprocessor
{
    public const string FileName = "preprocessor_config.json";

    // The usual colors are those of VideoMAE's and ViViT's processors.
    private const int MaxBytes = 1 << 20, MaxLength = 1 << 14, Bilinear = 2;
    private const double ByteRange = 255, UsualMean = 0.5, UsualStd = 0.5;
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>The size and colors of clips; what cannot be done as the file says is noted.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or describes clips that this library does not make.</exception>
    public static ModelFacts Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw Bad($"it has more than {MaxBytes} bytes");
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(document.RootElement, Bad);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException(path, $"not the configuration of an image processor: {error.Message}", error);
        }

        CheckpointException Bad(string cause) => new(path, cause);
    }

    /// <summary>The text of the file for a model.</summary>
    public static string Write(ModelInfo info) => new JsonObject
    {
        ["image_processor_type"] = "VideoMAEImageProcessor",
        ["do_resize"] = true,
        ["size"] = new JsonObject { ["shortest_edge"] = info.ShortSide ?? info.Model.ImageSize },
        ["resample"] = Bilinear,
        ["do_center_crop"] = true,
        ["crop_size"] = new JsonObject { ["height"] = info.Model.ImageSize, ["width"] = info.Model.ImageSize },
        ["do_rescale"] = true,
        ["rescale_factor"] = 1 / ByteRange,
        ["do_normalize"] = true,
        ["image_mean"] = new JsonArray([.. info.Normalization.Mean.Select(value => (JsonNode)value)]),
        ["image_std"] = new JsonArray([.. info.Normalization.Std.Select(value => (JsonNode)value)]),
    }.ToJsonString(indented);

    private static ModelFacts Read(JsonElement root, Func<string, CheckpointException> bad)
    {
        if (root.ValueKind is not JsonValueKind.Object) throw bad("it is not a JSON object");
        List<string> notes = [];
        bool Flag(string key, bool usual) => Find(root, key) is { } value ? value.GetBoolean() : usual;

        // Resizing and cropping.
        var (size, crop) = (Find(root, "size"), Find(root, "crop_size"));
        int? shortSide = size is { } stated ? Length(Find(stated, "shortest_edge") ?? stated, "size") : null;
        int? cropSize = crop is { } square ? Length(square, "crop_size") : null;
        bool stretches = size is { ValueKind: JsonValueKind.Object } of && Find(of, "shortest_edge") is null;
        if (!Flag("do_resize", true)) notes.Add($"scaled frames (its {FileName} says do_resize false)");
        else if (stretches) notes.Add($"frames that keep their proportions (its {FileName} says height and width)");
        if (!Flag("do_center_crop", true)) notes.Add($"a center crop (its {FileName} says do_center_crop false)");
        if (!Flag("do_center_crop", true)) cropSize = shortSide;
        if (!Flag("do_resize", true)) shortSide = null;
        if (Find(root, "resample") is { } filter && filter.GetInt32() != Bilinear)
        {
            notes.Add($"bilinear scaling (its {FileName} says resample {filter})");
        }
        if (shortSide < cropSize) throw bad($"its frames are scaled to {shortSide} pixels, less than its crop of {cropSize}");

        // (x · factor - offset - mean) / std for x from 0 to 255 is (x / 255 - m) / s.
        bool rescales = Flag("do_rescale", true), normalizes = Flag("do_normalize", true);
        double factor = rescales ? Find(root, "rescale_factor")?.GetDouble() ?? 1 / ByteRange : 1;
        if (!(factor > 0) || !double.IsFinite(factor)) throw bad($"its rescale_factor is {factor}; it must be above 0");
        double offset = rescales && Flag("offset", false) ? 1 : 0, scale = factor * ByteRange;
        var (mean, std) = normalizes ? (Colors("image_mean", UsualMean), Colors("image_std", UsualStd)) : ([0], [1]);
        mean = [.. mean.Select(value => Exact((value + offset) / scale))];
        double[] scaledStd = [.. std.Select(value => Exact(value / scale))];
        bool isUsable = mean.Concat(scaledStd).All(double.IsFinite) && scaledStd.All(value => value > 0);
        if (!isUsable) throw bad($"its image_std is {string.Join(", ", std)}; it must be above 0, in the range of its colors");
        return new()
        {
            ImageSize = cropSize ?? shortSide,
            ShortSide = shortSide == (cropSize ?? shortSide) ? null : shortSide,
            Mean = mean,
            Std = scaledStd,
            Notes = notes,
        };

        int Length(JsonElement value, string key)
        {
            int length = value.ValueKind is JsonValueKind.Object
                ? (Find(value, "height"), Find(value, "width")) is ({ } height, { } width) && height.GetInt32() == width.GetInt32()
                    ? height.GetInt32()
                    : throw bad($"its {key} is {value}; a model here takes square clips")
                : value.GetInt32();
            return length is > 0 and <= MaxLength ? length : throw bad($"its {key} is {value}; it must be between 1 and {MaxLength}");
        }

        double[] Colors(string key, double usual)
        {
            if (Find(root, key) is not { } value)
            {
                notes.Add($"{key} {usual} (its {FileName} says none)");
                return [usual];
            }
            double[] numbers = value.ValueKind is JsonValueKind.Array
                ? [.. value.EnumerateArray().Select(number => number.GetDouble())]
                : [value.GetDouble()];
            return numbers.Length is 1 or 3 && numbers.All(double.IsFinite)
                ? numbers
                : throw bad($"its {key} has {numbers.Length} values; it must have one, or three");
        }
    }

    // 0.45 for 0.45 · (1 / 255) · 255: the factor is rounded where it is written.
    private static double Exact(double value) => Math.Round(value, 9);

    private static JsonElement? Find(JsonElement owner, string key) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(key, out var value) && value.ValueKind is not JsonValueKind.Null
            ? value
            : null;
}
