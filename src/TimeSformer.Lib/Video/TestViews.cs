using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>
/// The clips by which a video is judged: <paramref name="Views"/> stretches of it, spread over its length, each in <paramref name="Crops"/>
/// squares. One view is the middle of the video, one crop the centre; three crops are left, middle and right, or top, middle and bottom.
/// </summary>
/// <param name="Views">1 or more.</param>
/// <param name="Crops">1 or 3.</param>
public sealed record TestViews(int Views = 1, int Crops = 1)
{
    /// <summary>Clips of a video.</summary>
    public int Count => Views * Crops;

    /// <summary>Throws where a number is not allowed.</summary>
    /// <exception cref="InputException">Says which, and what is.</exception>
    public void Validate(ClipFormat clip)
    {
        if (Views <= 0) throw new InputException($"{Views} views of a video; there must be at least one");
        if (Crops is not (1 or 3)) throw new InputException($"{Crops} crops of a view; there are 1 (the centre) or 3");
        if (Views > 1 && clip.CoversVideo) throw new InputException($"{Views} views of a video, but the model's clips (sampling rate 0) are each of the whole video; there is one view");
    }

    /// <summary>The frames of all views, one view after the other: V·T indices.</summary>
    public int[] Sample(VideoInfo video, ClipFormat clip) => Views == 1
        ? ClipSampler.Centre(video, clip)
        : [.. Enumerable.Range(0, Views).SelectMany(view => ClipSampler.View(video, clip, view, Views))];

    /// <summary>Frames (V·T, H, W, 3), uint8, to clips (V·C, T, S, S, 3): the crops of the first view, then those of the next.</summary>
    public Tensor Cut(Tensor frames, ClipFormat clip)
    {
        using var scope = NewDisposeScope();
        var transforms = Crops == 1 ? [ClipTransform.Centre(clip.CropSize)] : Enumerable.Range(0, Crops).Select(crop => ClipTransform.Uniform(clip.CropSize, crop));
        var crops = transforms.Select(transform => transform.Apply(frames).view(Views, clip.Frames, clip.CropSize, clip.CropSize, 3)); // (V, T, S, S, 3) each
        return stack(crops, 1).flatten(0, 1).MoveToOuterDisposeScope();
    }
}
