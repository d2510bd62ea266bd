using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Data;

/// <summary>How training clips are varied.</summary>
/// <param name="MinScale">Smallest length of the short side before a random crop.</param>
/// <param name="MaxScale">Largest.</param>
/// <param name="Flip">Mirror half of the clips.</param>
public sealed record Augmentation(int MinScale, int MaxScale, bool Flip)
{
    /// <summary>Draws the inverse of the scale uniformly instead of the scale.</summary>
    public bool InverseUniformScale { get; init; }

    /// <summary>Changes of colour and shape; none where null.</summary>
    public RandAugment? RandAugment { get; init; }

    /// <summary>Noise over a part of the picture; none where null.</summary>
    public RandomErasing? Erasing { get; init; }

    /// <summary>Frames (T, H, W, 3), uint8 on the CPU, to a clip (T, S, S, 3) that depends on them and on what is drawn alone.</summary>
    public Tensor Apply(Tensor frames, int cropSize, Random random)
    {
        var clip = ClipTransform.Random(MinScale, MaxScale, cropSize, Flip, random, InverseUniformScale).Apply(frames);
        RandAugment?.Apply(clip, random);
        Erasing?.Apply(clip, random);
        return clip;
    }
}
