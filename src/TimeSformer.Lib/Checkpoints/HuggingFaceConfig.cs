using System.Globalization;
using System.Text.Json;
using TimeSformer.Checkpoints.Formats;

namespace TimeSformer.Checkpoints;

/// <summary>The members of the <c>config.json</c> of a Hugging Face model; one that is null counts as missing.</summary>
internal sealed class HuggingFaceConfig
{
    public const string FileName = "config.json";

    public const string Activation = "gelu", SamplingRateKey = "frame_sampling_rate";

    private const int MaxBytes = 16 << 20, MaxLength = 1 << 14;

    private readonly JsonElement root;
    private readonly string path;

    private HuggingFaceConfig(JsonElement root, string path) => (this.root, this.path) = (root, path);

    /// <summary>The names of classes by label.</summary>
    public Dictionary<int, string> Labels => Find("id2label") is not { } names ? []
        : names.EnumerateObject().ToDictionary(
            name => int.Parse(name.Name, CultureInfo.InvariantCulture), name => name.Value.GetString() ?? name.Name);

    /// <summary>As <see cref="ModelInfo.SamplingRate"/>.</summary>
    public int? SamplingRate => Length(SamplingRateKey, least: 0) ?? Length("sampling_rate", least: 0);

    /// <summary>What a function makes of a file.</summary>
    /// <exception cref="CheckpointException">
    /// The file is too long or not JSON, or a member has another type than the function asks for.
    /// </exception>
    public static T Read<T>(string path, Func<HuggingFaceConfig, T> read)
    {
        if (new FileInfo(path).Length > MaxBytes) throw new CheckpointException(path, $"it has more than {MaxBytes} bytes");
        return Parse(File.ReadAllText(path), path, read);
    }

    /// <summary>What a function makes of the text of a file.</summary>
    /// <param name="path">Where it is from, for messages.</param>
    /// <exception cref="CheckpointException">As for a file.</exception>
    public static T Parse<T>(string text, string path, Func<HuggingFaceConfig, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return read(new(document.RootElement, path));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException
            or ArgumentException or InputException and not CheckpointException)
        {
            throw new CheckpointException(path, $"not the configuration of a model here: {error.Message}", error);
        }
    }

    public JsonElement? Find(string key) =>
        root.TryGetProperty(key, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    public string? Text(string key) => Find(key)?.GetString();

    public double? Number(string key) => Find(key)?.GetDouble();

    public bool? Flag(string key) => Find(key)?.GetBoolean();

    public int? Length(string key, int least = 1) => Find(key) is { } value ? Length(key, value, least) : null;

    /// <summary>A length in the member of a key.</summary>
    public int Length(string key, JsonElement value, int least = 1) =>
        value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out int length) && length >= least && length <= MaxLength
            ? length
            : throw Bad($"its {key} is {value.ToString().Shorten()}; it must be a number between {least} and {MaxLength}");

    /// <summary>Throws unless a member has a value, or is missing and that is usual.</summary>
    public void Require(string key, string value, string? usual)
    {
        if ((Text(key) ?? usual) is var found && found != value) throw Bad($"its {key} is '{found?.Shorten()}', not '{value}'");
    }

    public CheckpointException Bad(string cause) => new(path, cause);
}
