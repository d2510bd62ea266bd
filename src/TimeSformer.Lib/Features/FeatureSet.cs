using System.Text.Json;
using System.Text.RegularExpressions;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Data;
using static TorchSharp.torch;

namespace TimeSformer.Features;

/// <summary>What features are made with; those of different sources cannot be compared.</summary>
/// <param name="Weights">SHA-256 of the model's weights.</param>
/// <param name="Frames">Frames of a clip.</param>
/// <param name="SamplingRate">As <see cref="Video.ClipFormat.SamplingRate"/>.</param>
/// <param name="CropSize">Height and width of a clip in pixels.</param>
/// <param name="ShortSide">As <see cref="Video.ClipFormat.ShortSide"/>.</param>
/// <param name="Colors">How colors are normalized.</param>
/// <param name="Parts">Into how many parts of time, height and width a clip's map is averaged, such as 4x3x3.</param>
public sealed record FeatureSource(
    string Weights, int Frames, int SamplingRate, int CropSize, int? ShortSide, string Colors, string Parts)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"weights {Weights[..Math.Min(8, Weights.Length)]}, clips {Frames}x{CropSize}x{CropSize} (short side {ShortSide ?? CropSize}) at "
        + $"sampling rate {SamplingRate}, {Colors}, in {Parts} parts";
}

/// <summary>
/// Features of labeled videos, made once by a model whose weights stay as they are; stored in a safetensors file. More videos and classes
/// are added without looking at the earlier ones again.
/// </summary>
/// <param name="Source">What they are made with.</param>
/// <param name="Videos">The N videos.</param>
/// <param name="Classes">Class names by label.</param>
/// <param name="Values">(N, F), float32.</param>
/// <param name="Backgrounds">(N, S·S), float32: what stands still in each video, small and gray; it tells recordings apart.</param>
public sealed record FeatureSet(
    FeatureSource Source, IReadOnlyList<VideoItem> Videos, IReadOnlyList<string> Classes, Tensor Values, Tensor Backgrounds) : IDisposable
{
    private const string Key = "timesformer_features", ValuesName = "features", LabelsName = "labels", BackgroundsName = "backgrounds";

    private static readonly JsonSerializerOptions json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>
    /// The part of a file's name that tells its recording, as the first group of an expression; if null, backgrounds tell. Not stored.
    /// </summary>
    public Regex? RecordingName { get; init; }

    /// <summary>The labels (N), int64.</summary>
    public Tensor Labels() => tensor(Videos.Select(video => (long)video.Label).ToArray());

    /// <summary>Videos that come from one recording have the same number (<see cref="Recordings"/>).</summary>
    /// <exception cref="InputException">A file's name does not fit <see cref="RecordingName"/>.</exception>
    public IReadOnlyList<int> Groups() => Recordings.Of(Videos, Backgrounds, RecordingName);

    /// <summary>Some of the videos.</summary>
    /// <param name="indices">Which, from 0.</param>
    public FeatureSet Subset(IReadOnlyList<int> indices)
    {
        using var scope = NewDisposeScope();
        var index = tensor(indices.Select(place => (long)place).ToArray());
        return this with
        {
            Videos = [.. indices.Select(place => Videos[place])],
            Values = Values.index_select(0, index).MoveToOuterDisposeScope(),
            Backgrounds = Backgrounds.index_select(0, index).MoveToOuterDisposeScope(),
        };
    }

    /// <summary>These features and more of the same source; a video that both have counts once, as it is here.</summary>
    /// <exception cref="InputException">The sources differ; the message shows both.</exception>
    public FeatureSet With(FeatureSet more)
    {
        Require(more.Source);
        string[] classes = [.. Classes.Union(more.Classes)];
        var known = Videos.Select(video => video.Path).ToHashSet();
        int[] added = [.. more.Videos.Index().Where(video => known.Add(video.Item.Path)).Select(video => video.Index)];
        using var scope = NewDisposeScope();
        using var rest = more.Subset(added);
        return this with
        {
            Videos = [.. Videos, .. rest.Videos.Select(video => video with { Label = Array.IndexOf(classes, more.Classes[video.Label]) })],
            Classes = classes,
            Values = cat([Values, rest.Values]).MoveToOuterDisposeScope(),
            Backgrounds = cat([Backgrounds, rest.Backgrounds]).MoveToOuterDisposeScope(),
        };
    }

    /// <summary>Throws unless these features are made as others are.</summary>
    /// <exception cref="InputException">The sources differ; the message shows both.</exception>
    public void Require(FeatureSource other)
    {
        if (other != Source) throw new InputException($"features of {other} cannot be compared with the file's, which are of {Source}");
    }

    /// <summary>Writes the file; an earlier one stays until this one is complete.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path)
    {
        using var labels = Labels();
        Facts facts = new(Source, Classes, [.. Videos.Select(video => video.Path)]);
        SafeTensors.Write(
            path, [new(ValuesName, Values), new(LabelsName, labels), new(BackgroundsName, Backgrounds)],
            new Dictionary<string, string> { [Key] = JsonSerializer.Serialize(facts, json) });
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointException">It is damaged, or holds other things.</exception>
    public static FeatureSet Load(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(Key, out var text))
        {
            throw Bad("it does not hold features; './timesformer features' makes such files");
        }
        Facts facts;
        try
        {
            facts = JsonSerializer.Deserialize<Facts>(text, json) ?? throw Bad("its description is empty");
        }
        catch (JsonException error)
        {
            throw new CheckpointException(path, error.Message.ReplaceLineEndings(" "), error);
        }
        using var scope = NewDisposeScope();
        var (values, labels, backgrounds) = (file.Read(ValuesName), file.Read(LabelsName), file.Read(BackgroundsName));
        int count = facts.Paths.Count;
        bool fits = values.dim() == 2 && values.dtype is ScalarType.Float32 && labels.dim() == 1 && labels.dtype is ScalarType.Int64
            && backgrounds.dim() == 2 && backgrounds.dtype is ScalarType.Float32
            && new[] { values.shape[0], labels.shape[0], backgrounds.shape[0] }.All(length => length == count);
        if (!fits || count == 0) throw Bad($"its tensors do not fit its {count} videos");
        var numbers = labels.data<long>().ToArray();
        bool isUnknown = numbers.Any(label => label < 0 || label >= facts.Classes.Count);
        if (isUnknown) throw Bad($"a label is not among {facts.Classes.Count} classes");
        if (!values.isfinite().all().item<bool>()) throw Bad("its features are not all finite");
        return new(
            facts.Source, [.. facts.Paths.Zip(numbers, (video, label) => new VideoItem(video, (int)label))], facts.Classes,
            values.MoveToOuterDisposeScope(), backgrounds.MoveToOuterDisposeScope());

        CheckpointException Bad(string cause) => new(path, cause);
    }

    /// <summary>Frees the features.</summary>
    public void Dispose()
    {
        Values.Dispose();
        Backgrounds.Dispose();
    }

    private sealed record Facts(FeatureSource Source, IReadOnlyList<string> Classes, IReadOnlyList<string> Paths);
}
