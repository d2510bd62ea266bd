using TimeSformer.Models;

namespace TimeSformer.Checkpoints;

/// <summary>
/// What a caller, or a file beside the weights, says of a model that its weights' shapes do not tell, or do otherwise; null if it says
/// nothing. What a caller says goes before what files say.
/// </summary>
public sealed record ModelFacts
{
    /// <summary>The number of attention heads.</summary>
    public int? NumHeads { get; init; }

    /// <summary>T, frames per clip; time embeddings for another number are resized.</summary>
    public int? NumFrames { get; init; }

    /// <summary>Height and width of a clip in pixels; space embeddings for another size are resized.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Length of the short side in pixels before the center crop; null for that of the crop.</summary>
    public int? ShortSide { get; init; }

    /// <summary>As <see cref="ModelInfo.SamplingRate"/>.</summary>
    public int? SamplingRate { get; init; }

    /// <summary>Means of red, green and blue, or one for all.</summary>
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>Standard deviations of red, green and blue, or one for all.</summary>
    public IReadOnlyList<double>? Std { get; init; }

    /// <summary>What the model is, where weights could be of several, and what is usual for its clips; only a caller says it.</summary>
    public Preset? Preset { get; init; }

    /// <summary>Names by label.</summary>
    public IReadOnlyDictionary<int, string> Classes { get; init; } = new Dictionary<int, string>();

    /// <summary>What a file says that is not done as it says.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>These facts, completed by others.</summary>
    internal ModelFacts Or(ModelFacts other) => new()
    {
        Preset = Preset ?? other.Preset,
        NumHeads = NumHeads ?? other.NumHeads,
        NumFrames = NumFrames ?? other.NumFrames,
        ImageSize = ImageSize ?? other.ImageSize,
        ShortSide = ShortSide ?? (ImageSize is null ? other.ShortSide : null),
        SamplingRate = SamplingRate ?? other.SamplingRate,
        Mean = Mean ?? other.Mean,
        Std = Std ?? other.Std,
        Classes = Classes.Count > 0 ? Classes : other.Classes,
        Notes = [.. Notes, .. other.Notes],
    };
}

/// <summary>Something that neither a file nor the caller says of a model, such as <c>sampling rate 32</c>.</summary>
/// <param name="Option">The command line's option that says it; null if there is none.</param>
public sealed record Assumption(string Fact, string? Option = null);
