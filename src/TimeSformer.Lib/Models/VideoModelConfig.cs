using System.Text.Json.Serialization;

namespace TimeSformer.Models;

/// <summary>
/// The sizes of a <see cref="VideoModel"/> and of the clips that it is made for; plain data, a record for each model. Each has a line here,
/// with its name in checkpoints.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = ArchitectureKey)]
[JsonDerivedType(typeof(TimeSformerConfig), TimeSformer)]
[JsonDerivedType(typeof(I3DConfig), "i3d")]
[JsonDerivedType(typeof(SlowFastConfig), "slowfast")]
[JsonDerivedType(typeof(CnnGruConfig), "cnn_gru")]
[JsonDerivedType(typeof(ViViTConfig), "vivit")]
[JsonDerivedType(typeof(VideoMaeConfig), "videomae")]
[JsonDerivedType(typeof(VideoMaePretrainingConfig), "videomae_pretraining")]
[JsonDerivedType(typeof(VisionTransformerConfig), "vit")]
public abstract record VideoModelConfig
{
    internal const string ArchitectureKey = "architecture", TimeSformer = "timesformer";

    /// <summary>Outputs of the classification head.</summary>
    public int NumClasses { get; init; } = 400;

    /// <summary>Frames per clip.</summary>
    public int NumFrames { get; init; } = 8;

    /// <summary>Height and width of a frame in pixels.</summary>
    public int ImageSize { get; init; } = 224;

    /// <summary>Color channels of a clip.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>A model of these sizes with random weights, drawn from the global generator.</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public VideoModel Create() => Create(initialize: true);

    /// <summary>The model's name and its other sizes, in a few words.</summary>
    [JsonIgnore]
    public abstract string Summary { get; }

    /// <summary>
    /// Shapes that show the sizes, of some weights of each block: a file in which one is missing or has another shape is refused before a
    /// model is built, which could take any amount of memory. One by one, because a description can claim any number of blocks.
    /// </summary>
    internal abstract IEnumerable<WeightSize> WeightSizes { get; }

    /// <param name="initialize">Whether to draw weights; not if a file replaces them all, because many take seconds to draw.</param>
    internal abstract VideoModel Create(bool initialize);

    /// <summary>Throws if the sizes do not fit each other.</summary>
    /// <exception cref="InputException">Names the size that is wrong and why.</exception>
    public virtual void Validate() => RequirePositive(
        (nameof(NumClasses), NumClasses), (nameof(NumFrames), NumFrames), (nameof(ImageSize), ImageSize), (nameof(InChannels), InChannels));

    private protected static void RequirePositive(params ReadOnlySpan<(string Name, int Value)> sizes)
    {
        foreach (var (name, value) in sizes)
        {
            if (value <= 0) throw new InputException($"{name} is {value}; it must be positive");
        }
    }

    private protected void RequireTubelets(int frames)
    {
        if (NumFrames % frames != 0) throw new InputException($"NumFrames {NumFrames} is not a multiple of TubeletFrames {frames}");
    }

    private protected void RequirePatches(int patch)
    {
        if (ImageSize % patch != 0) throw new InputException($"ImageSize {ImageSize} is not a multiple of PatchSize {patch}");
    }
}

/// <summary>A weight of a model, and its shape.</summary>
internal readonly record struct WeightSize(string Weight, params long[] Shape);
