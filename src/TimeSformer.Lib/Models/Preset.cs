namespace TimeSformer.Models;

/// <summary>A model's sizes, with the clips that it is made for.</summary>
/// <param name="Name">Its name in recipes and on the command line.</param>
/// <param name="Model">The sizes.</param>
/// <param name="SamplingRate">
/// Distance between a clip's frames, in frames of a video at 30 per second; null takes one frame from each of T equal segments of the video
/// (Something-Something).
/// </param>
/// <param name="Description">What it is, in a line.</param>
public sealed record Preset(string Name, VideoModelConfig Model, int? SamplingRate, string Description)
{
    /// <summary>Their names, with commas: a constant, so that a program's help need not load TorchSharp for their sizes.</summary>
    public const string Names = "tiny, small, base, hr, l, base-ssv2, hr-ssv2, l-ssv2";

    /// <summary>The presets; the paper's are those of its section 4 and the official configurations.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("tiny", TimeSformerConfig.Tiny, 2, "4 blocks of width 64, 8x32x32 in patches of 8: trains on a laptop's CPU in minutes"),
        new("small", TimeSformerConfig.Small, 4, "12 blocks of width 192 (as ViT-Ti), 8x112x112"),
        new("base", TimeSformerConfig.Base, 32, "the paper's TimeSformer: ViT-B/16, 8x224x224"),
        new("hr", TimeSformerConfig.HighResolution, 16, "the paper's TimeSformer-HR: 16x448x448"),
        new("l", TimeSformerConfig.Large, 4, "the paper's TimeSformer-L: 96x224x224"),
        new("base-ssv2", TimeSformerConfig.Base with { NumClasses = 174 }, null, "TimeSformer on Something-Something v2: 8x224x224"),
        new(
            "hr-ssv2", TimeSformerConfig.HighResolution with { NumClasses = 174 }, null,
            "TimeSformer-HR on Something-Something v2: 16x448x448"),
        new(
            "l-ssv2", TimeSformerConfig.Large with { NumClasses = 174, NumFrames = 64 }, null,
            "TimeSformer-L on Something-Something v2: 64x224x224"),
    ];

    /// <summary>The preset of a name, or null.</summary>
    public static Preset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);
}
