using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>
/// The clips on which a video is tested (paper section 4): V temporal clips spread over it (a single one in its middle), each with C
/// spatial crops: 1, the center, or 3, the left, center and right of a wide video or the top, center and bottom of a tall one.
/// </summary>
public sealed record TestViews(int Views = 1, int Crops = 1)
{
    /// <summary>Plays the clips backwards: what a model loses by it is what it knew from the order of frames.</summary>
    public bool Backwards { get; init; }

    /// <summary>The number of clips per video, V·C.</summary>
    public int Count => Views * Crops;

    /// <summary>Checks the numbers of views and crops.</summary>
    /// <exception cref="InputException">A number is not allowed, in general or for this kind of clip.</exception>
    public void Validate(ClipFormat clip)
    {
        if (Views <= 0) throw new InputException($"{Views} views per video; take 1 or more");
        if (Crops is not (1 or 3)) throw new InputException($"{Crops} crops per view; take 1 (the center) or 3");
        if (Views > 1 && clip.CoversVideo)
        {
            throw new InputException($"{Views} views per video, but each clip covers the whole video (sampling rate 0); take 1 view");
        }
    }

    /// <summary>The frame indices of all views, one view after the other: V·T indices from 0.</summary>
    public int[] Sample(VideoInfo video, ClipFormat clip) => Views == 1
        ? ClipSampler.Center(video, clip)
        : [.. Enumerable.Range(0, Views).SelectMany(view => ClipSampler.View(video, clip, view, Views))];

    /// <summary>The short side in pixels to which frames are scaled before they are cropped; for three crops, the crop's own.</summary>
    public int ShortSide(ClipFormat clip) => Crops == 1 ? ClipTransform.Center(clip).ShortSide : clip.CropSize;

    /// <summary>Crops frames (V·T, H, W, 3), uint8, into clips (V·C, T, S, S, 3): all crops of the first view, then the next.</summary>
    public Tensor Crop(Tensor frames, ClipFormat clip)
    {
        using var scope = NewDisposeScope();
        var transforms = Crops == 1
            ? [ClipTransform.Center(clip)]
            : Enumerable.Range(0, Crops).Select(crop => ClipTransform.Uniform(clip.CropSize, crop));
        var crops = transforms.Select(transform =>
            transform.Apply(frames).view(Views, clip.Frames, clip.CropSize, clip.CropSize, 3)); // (V, T, S, S, 3)
        var clips = stack(crops, 1).flatten(0, 1);                                              // (V·C, T, S, S, 3)
        return (Backwards ? clips.flip(1) : clips).MoveToOuterDisposeScope();
    }
}
