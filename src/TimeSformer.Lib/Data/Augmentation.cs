using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Data;

/// <summary>The augmentation of training clips; scales are lengths of the short side in pixels before the random crop.</summary>
/// <param name="Flip">Mirror half of the clips.</param>
public sealed record Augmentation(int MinScale, int MaxScale, bool Flip)
{
    /// <summary>Whether the inverse of the scale is uniform, instead of the scale.</summary>
    public bool InverseUniformScale { get; init; }

    /// <summary>Random changes of color and shape, or null.</summary>
    public RandAugment? RandAugment { get; init; }

    /// <summary>Random noise over a rectangle, or null.</summary>
    public RandomErasing? Erasing { get; init; }

    /// <summary>Draws a clip's scale, crop and mirroring.</summary>
    public ClipTransform Transform(int cropSize, Random random) =>
        ClipTransform.Random(MinScale, MaxScale, cropSize, Flip, random, InverseUniformScale);

    /// <summary>Augments frames (T, H, W, 3), uint8 on the CPU, into a clip (T, S, S, 3).</summary>
    /// <param name="transform">What <see cref="Transform"/> drew from <paramref name="random"/>.</param>
    /// <exception cref="ArgumentException">The scaled frames are smaller than the crop.</exception>
    public Tensor Apply(Tensor frames, ClipTransform transform, Random random)
    {
        var clip = transform.Apply(frames);
        RandAugment?.Apply(clip, random);
        Erasing?.Apply(clip, random);
        return clip;
    }
}
