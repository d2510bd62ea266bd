using System.Text.Json;
using System.Text.Json.Serialization;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Video;

namespace TimeSformer.Checkpoints;

/// <summary>What a checkpoint says besides its tensors: how to rebuild the model and how to make clips for it, and where training was.</summary>
/// <param name="Model">The model's sizes.</param>
/// <param name="Classes">Class names in the order of the head's outputs.</param>
/// <param name="SamplingRate">Distance of a clip's frames in the video, in frames at 30 per second.</param>
/// <param name="Step">Optimisation steps done.</param>
/// <param name="Epoch">Epochs completed.</param>
/// <param name="LossScale">The next step's, where training is in float16.</param>
public sealed record CheckpointInfo(
    TimeSformerConfig Model, IReadOnlyList<string> Classes, int SamplingRate, long Step, int Epoch,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GradScaler? LossScale = null)
{
    private static readonly JsonSerializerOptions json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    /// <summary>The clips that the model was trained on.</summary>
    [JsonIgnore]
    public ClipFormat Clip => new(Model.NumFrames, SamplingRate, Model.ImageSize);

    /// <summary>The content of <c>checkpoint.json</c>, in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="path">Where the text is from, for messages.</param>
    /// <exception cref="CheckpointException">It is damaged, or the sizes do not fit each other.</exception>
    public static CheckpointInfo Parse(string path, ReadOnlySpan<byte> text)
    {
        try
        {
            var info = JsonSerializer.Deserialize<CheckpointInfo>(text, json) ?? throw new CheckpointException(path, "it is empty");
            info.Model.Validate();
            if (info.Classes.Count != info.Model.NumClasses) throw new CheckpointException(path, $"{info.Classes.Count} class names for {info.Model.NumClasses} classes");
            return info;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or NotSupportedException)
        {
            throw new CheckpointException(path, error.Message.ReplaceLineEndings(" "));
        }
    }
}
