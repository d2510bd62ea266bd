namespace TimeSformer.Models;

/// <summary>A model's sizes, with the clips that it is made for and how their frames are prepared.</summary>
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
    public const string Names =
        "tiny, small, base, hr, l, base-ssv2, hr-ssv2, l-ssv2, vit-b, i3d-r50, slowfast-r50-4x16, slowfast-r50-8x8, "
        + "cnn-gru, vivit-b, vivit-b-factorized, videomae-b, vit-small, i3d-small, slowfast-small, cnn-gru-small, "
        + "vivit-small, vivit-small-factorized, videomae-small, vit-tiny, vivit-tiny, vivit-tiny-factorized, "
        + "videomae-tiny";

    private static readonly double[] imageNetMean = [0.485, 0.456, 0.406], imageNetStd = [0.229, 0.224, 0.225];
    private const int SecondsTimesRate = 256, ManyFrames = 64;

    /// <summary>
    /// The presets. TimeSformer's are those of its paper, section 4, and its official configurations; the others' clips and colors are
    /// those of the code that their weights are published with.
    /// </summary>
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
        new("vit-b", VisionTransformerConfig.Base, 32, "ViT-B/16 on each of 8 frames, scores averaged")
        {
            Mean = imageNetMean, Std = imageNetStd,
        },
        new("i3d-r50", I3DConfig.Base, 8, "PySlowFast's I3D-R50 8x8") { ShortSide = 256 },
        new("slowfast-r50-4x16", SlowFastConfig.FourFrames, 2, "PySlowFast's SlowFast-R50 4x16") { ShortSide = 256 },
        new("slowfast-r50-8x8", SlowFastConfig.EightFrames, 2, "PySlowFast's SlowFast-R50 8x8") { ShortSide = 256 },
        new("cnn-gru", CnnGruConfig.Base, null, "ResNet-18 on each of 20 frames into recurrent layers, as in Keras's tutorial")
        {
            Mean = imageNetMean, Std = imageNetStd,
        },
        new("vivit-b", ViViTConfig.Base, 2, "ViViT-B/16x2, joint attention: 32x224x224") { ShortSide = 256, Mean = [0.5], Std = [0.5] },
        new(
            "vivit-b-factorized", ViViTConfig.Base with { Encoder = ViViTEncoder.Factorized }, 2,
            "ViViT-B/16x2 with a factorized encoder: 32x224x224") { ShortSide = 256, Mean = [0.5], Std = [0.5] },
        new("videomae-b", VideoMaeConfig.Base, 4, "VideoMAE's ViT-B: 16x224x224") { Mean = imageNetMean, Std = imageNetStd },
        new("vit-small", VisionTransformerConfig.Small, 4, "as small, each frame by itself"),
        new("i3d-small", I3DConfig.Small, 4, "a narrow I3D, 8x112x112"),
        new("slowfast-small", SlowFastConfig.Small, 4, "a narrow SlowFast, 8x112x112"),
        new("cnn-gru-small", CnnGruConfig.Small, 4, "a narrow ResNet-18 into recurrent layers, 8x112x112"),
        new("vivit-small", ViViTConfig.Small, 4, "as small, tubelets of two frames and joint attention"),
        new(
            "vivit-small-factorized", ViViTConfig.Small with { Encoder = ViViTEncoder.Factorized }, 4,
            "as small, tubelets of two frames and a factorized encoder"),
        new("videomae-small", VideoMaeConfig.Small, 4, "as small, tubelets of two frames, without a class token"),
        new("vit-tiny", VisionTransformerConfig.Tiny, 2, "as tiny, each frame by itself"),
        new("vivit-tiny", ViViTConfig.Tiny, 2, "as tiny, tubelets of two frames and joint attention"),
        new(
            "vivit-tiny-factorized", ViViTConfig.Tiny with { Encoder = ViViTEncoder.Factorized }, 2,
            "as tiny, tubelets of two frames and a factorized encoder"),
        new("videomae-tiny", VideoMaeConfig.Tiny, 2, "as tiny, tubelets of two frames, without a class token"),
    ];

    /// <summary>Length in pixels that the short side of a frame is scaled to before the center crop; null for that of the crop.</summary>
    public int? ShortSide { get; init; }

    /// <summary>Means of red, green and blue, or one for all.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.45];

    /// <summary>Standard deviations of red, green and blue, or one for all.</summary>
    public IReadOnlyList<double> Std { get; init; } = [0.225];

    /// <summary>The preset of a name, or null.</summary>
    public static Preset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    /// <summary>The preset whose clips and colors a model of some sizes usually has: the published one of its kind.</summary>
    internal static Preset Of(VideoModelConfig sizes) =>
        All.First(preset => preset.Model.GetType() == sizes.GetType() && preset.Name is not ("tiny" or "small"));

    /// <summary>
    /// The usual sampling rate for another number of frames. The published TimeSformers see about 8 seconds: 8 x 32, 16 x 16 and 96 x 4
    /// frames.
    /// </summary>
    internal int RateFor(int frames) => Model switch
    {
        TimeSformerConfig => frames >= ManyFrames ? 4 : Math.Max(1, SecondsTimesRate / frames),
        _ => SamplingRate ?? 0,
    };
}
