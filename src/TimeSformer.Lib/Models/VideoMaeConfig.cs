using System.Text.Json.Serialization;

namespace TimeSformer.Models;

/// <summary>The sizes of a <see cref="VideoMae"/>; the defaults are the paper's ViT-B: 16 frames of 224x224 pixels.</summary>
public sealed record VideoMaeConfig : TransformerConfig
{
    /// <summary>The paper's ViT-B, with 16 frames a clip.</summary>
    public VideoMaeConfig() => NumFrames = 16;

    /// <summary>Frames of a tubelet.</summary>
    public int TubeletFrames { get; init; } = 2;

    /// <summary>Whether the head sees the normalized mean of all tokens; else the first token, after a norm of its own.</summary>
    public bool MeanPooling { get; init; } = true;

    /// <summary>
    /// Added to the variance in the norm of the mean and in the decoder's last; null for <see cref="TransformerConfig.LayerNormEps"/>.
    /// Hugging Face's are 1e-5.
    /// </summary>
    public double? LastNormEps { get; init; }

    /// <summary>T', the moments of a clip of <see cref="VideoModelConfig.NumFrames"/>: frames of tubelets.</summary>
    public int NumMoments => NumFrames / TubeletFrames;

    /// <summary>d64, 4 blocks, 8 frames of 32x32 pixels in tubelets of 2x8x8.</summary>
    public static VideoMaeConfig Tiny { get; } = new()
    {
        NumFrames = 8, ImageSize = 32, PatchSize = 8, EmbedDim = 64, Depth = 4, NumHeads = 4, DropPathRate = 0, WeightStd = 0.1,
    };

    /// <summary>d192 (as ViT-Ti), 12 blocks, 8 frames of 112x112 pixels in tubelets of 2x16x16.</summary>
    public static VideoMaeConfig Small { get; } = new() { NumFrames = 8, ImageSize = 112, EmbedDim = 192, NumHeads = 3 };

    /// <summary>The paper's ViT-B: 16 frames of 224x224 pixels.</summary>
    public static VideoMaeConfig Base { get; } = new();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"VideoMAE, tubelets of {TubeletFrames}x{PatchSize}x{PatchSize}, {Width}";

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequirePositive((nameof(TubeletFrames), TubeletFrames));
        RequireTubelets(TubeletFrames);
        if (LastNormEps <= 0) throw new InputException("LastNormEps must be positive");
    }

    private protected override IReadOnlyList<WeightSize> Embeddings =>
        [new("patch_embed.proj.weight", EmbedDim, InChannels, TubeletFrames, PatchSize, PatchSize)];

    internal override VideoModel Create(bool initialize) => new VideoMae(this, initialize);
}

/// <summary>The sizes of a <see cref="VideoMaePretraining"/>; the defaults are the official ones for ViT-B.</summary>
public sealed record VideoMaePretrainingConfig : VideoModelConfig
{
    /// <param name="encoder">The encoder's sizes; its clips are those of the model.</param>
    public VideoMaePretrainingConfig(VideoMaeConfig encoder)
    {
        Encoder = encoder;
        (NumClasses, NumFrames, ImageSize, InChannels) = (encoder.NumClasses, encoder.NumFrames, encoder.ImageSize, encoder.InChannels);
    }

    /// <summary>The encoder's sizes, as a classifier's, which may start from it.</summary>
    public VideoMaeConfig Encoder { get; }

    /// <summary>The share of the places that are masked.</summary>
    public double MaskRatio { get; init; } = 0.9;

    /// <summary>
    /// Whether each channel of a tubelet is predicted relative to its own mean and deviation, as in the paper; else in the clip's colors.
    /// </summary>
    public bool NormalizeTarget { get; init; } = true;

    /// <summary>The width of the decoder's tokens; half the encoder's in the paper.</summary>
    public int DecoderDim { get; init; } = 384;

    /// <summary>The number of the decoder's blocks.</summary>
    public int DecoderDepth { get; init; } = 4;

    /// <summary>The heads of the decoder's attention; divides <see cref="DecoderDim"/>.</summary>
    public int DecoderHeads { get; init; } = 6;

    /// <summary>Width of the hidden layer of the decoder's MLPs as a multiple of <see cref="DecoderDim"/>.</summary>
    public double DecoderMlpRatio { get; init; } = 4;

    /// <summary>Pre-training of <see cref="VideoMaeConfig.Tiny"/>, with a decoder of half its width.</summary>
    public static VideoMaePretrainingConfig Tiny { get; } = For(VideoMaeConfig.Tiny);

    /// <summary>Pre-training of <see cref="VideoMaeConfig.Small"/>, with a decoder of half its width.</summary>
    public static VideoMaePretrainingConfig Small { get; } = For(VideoMaeConfig.Small);

    /// <summary>The paper's, for ViT-B.</summary>
    public static VideoMaePretrainingConfig Base { get; } = For(VideoMaeConfig.Base);

    /// <summary>
    /// Pre-training for a classifier: a decoder of half its width and heads, of four blocks at most; no stochastic depth, as in the
    /// official code.
    /// </summary>
    public static VideoMaePretrainingConfig For(VideoMaeConfig classifier) => new(classifier with { DropPathRate = 0 })
    {
        DecoderDim = classifier.EmbedDim / 2,
        DecoderDepth = Math.Clamp(classifier.Depth / 2, 1, 4),
        DecoderHeads = classifier.NumHeads % 2 == 0 ? classifier.NumHeads / 2 : classifier.NumHeads,
    };

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"pre-training of {Encoder.Summary}, decoder of {DecoderDepth} blocks of width {DecoderDim}";

    /// <summary>The decoder's sizes.</summary>
    internal VideoMaeConfig Decoder => Encoder with
    {
        EmbedDim = DecoderDim,
        Depth = DecoderDepth,
        NumHeads = DecoderHeads,
        MlpRatio = DecoderMlpRatio,
        DropPathRate = 0,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Encoder.Validate();
        try
        {
            Decoder.Validate();
        }
        catch (InputException error)
        {
            throw new InputException($"the decoder's {error.Message}", error);
        }
        new TubeMask(Encoder.NumMoments, Encoder.NumPatches, MaskRatio).Validate();
    }

    // A classifier's, which are the encoder's too, but for the head's.
    internal override IEnumerable<WeightSize> WeightSizes => Encoder.WeightSizes.Where(size => size.Weight != "head.weight")
        .Append(new("encoder_to_decoder.weight", DecoderDim, Encoder.EmbedDim)).Concat(Decoder.BlockSizes("decoder.blocks", DecoderDepth));

    internal override VideoModel Create(bool initialize) => new VideoMaePretraining(this);
}
