using TimeSformer.Models.Attention;

namespace TimeSformer.Models;

/// <summary>The sizes that all transformers of the zoo have; the defaults are those of ViT-B/16.</summary>
public abstract record TransformerConfig : VideoModelConfig
{
    // A gigabyte in float32; TimeSformer-L's clips have 14 million.
    private const int MostNumbers = 1 << 28;

    /// <summary>Height and width of a patch in pixels.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>D, the width of a token.</summary>
    public int EmbedDim { get; init; } = 768;

    /// <summary>L, the number of blocks.</summary>
    public int Depth { get; init; } = 12;

    /// <summary>A, the number of heads; divides <see cref="EmbedDim"/>.</summary>
    public int NumHeads { get; init; } = 12;

    /// <summary>Width of the hidden layer of the MLP as a multiple of <see cref="EmbedDim"/>.</summary>
    public double MlpRatio { get; init; } = 4;

    /// <summary>Whether the projections to queries, keys and values have a bias.</summary>
    public bool QkvBias { get; init; } = true;

    /// <summary>Added to the variance in each layer normalization.</summary>
    public double LayerNormEps { get; init; } = 1e-6;

    /// <summary>Dropout after the embeddings and inside attention's projection and the MLP.</summary>
    public double DropRate { get; init; }

    /// <summary>
    /// Stochastic depth: the last block's probability of skipping a residual branch; it grows linearly from 0 at the first.
    /// </summary>
    public double DropPathRate { get; init; } = 0.1;

    /// <summary>Standard deviation of the initial weights of linear layers; the official value suits the width of Base.</summary>
    public double WeightStd { get; init; } = 0.02;

    /// <summary>N, the patches, or tubelets, of a frame of <see cref="VideoModelConfig.ImageSize"/>.</summary>
    public int NumPatches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <summary>The sizes of the blocks, for <see cref="VideoModelConfig.Summary"/>.</summary>
    private protected string Width => $"width {EmbedDim}, {Depth} blocks, {NumHeads} heads";

    internal virtual BlockConfig Block => new(EmbedDim, NumHeads, MlpRatio, QkvBias, DropRate, LayerNormEps);

    /// <summary>A block's probability of skipping a residual branch.</summary>
    internal double DropPathAt(int block) => Depth == 1 ? 0 : DropPathRate * block / (Depth - 1);

    internal override IEnumerable<WeightSize> WeightSizes =>
        Embeddings.Append(new("head.weight", NumClasses, EmbedDim)).Concat(BlockSizes("blocks", Depth));

    /// <summary>The embeddings' part of <see cref="WeightSizes"/>.</summary>
    private protected abstract IReadOnlyList<WeightSize> Embeddings { get; }

    /// <summary>The part of blocks, which are <c>stem.0</c> and so on.</summary>
    internal IEnumerable<WeightSize> BlockSizes(string stem, int depth)
    {
        for (int block = 0; block < depth; block++)
        {
            yield return new($"{stem}.{block}.attn.qkv.weight", 3L * EmbedDim, EmbedDim);
            yield return new($"{stem}.{block}.mlp.fc1.weight", (long)(EmbedDim * MlpRatio), EmbedDim);
        }
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequirePositive((nameof(PatchSize), PatchSize), (nameof(EmbedDim), EmbedDim), (nameof(Depth), Depth), (nameof(NumHeads), NumHeads));
        if (EmbedDim % NumHeads != 0) throw new InputException($"EmbedDim {EmbedDim} is not a multiple of NumHeads {NumHeads}");
        RequirePatches(PatchSize);
        double side = ImageSize / PatchSize;
        if (NumFrames * side * side * EmbedDim > MostNumbers)
        {
            throw new InputException(
                $"{NumFrames} frames of {side}x{side} patches of width {EmbedDim} are more than {MostNumbers} numbers; "
                + "take fewer frames or pixels");
        }
        if (DropPathRate is < 0 or >= 1 || DropRate is < 0 or >= 1) throw new InputException("DropRate and DropPathRate must be in [0, 1)");
        if (!(MlpRatio > 0) || !(LayerNormEps > 0) || !(WeightStd > 0))
        {
            throw new InputException("MlpRatio, LayerNormEps and WeightStd must be positive");
        }
    }
}
