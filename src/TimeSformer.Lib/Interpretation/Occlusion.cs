using TimeSformer.Models;
using TimeSformer.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Interpretation;

/// <summary>
/// What a class misses when a part of the clip is covered (Zeiler and Fergus, ECCV 2014, "Visualizing and Understanding Convolutional
/// Networks", section 4.2, with boxes of space and time). It uses nothing of the model but its scores: a check on the other methods.
/// </summary>
public static class Occlusion
{
    private const int MostBoxes = 512, Batch = 16;

    /// <summary>
    /// By how much the logarithm of the class's probability falls when a box is covered with the clip's mean color. Boxes are patches of
    /// one frame, or larger where there would be more than 512.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="clip">(1, C, T, H, W), as the model takes it.</param>
    /// <param name="label">The class.</param>
    /// <param name="progress">Receives the share that is done, 0 to 1.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <returns>(T', H', W'), one number a box; negative where the box spoke against the class.</returns>
    /// <exception cref="ArgumentException">The clip's shape does not fit the model.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signaled.</exception>
    public static Tensor Map(
        VideoModel model, Tensor clip, int label, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        using var scope = NewDisposeScope();
        var (frames, height, width) = Boxes(model, clip);
        long count = (long)frames * height * width;
        double whole = LogProbabilities(model, clip, label)[0];
        var falls = new float[count];
        for (long start = 0; start < count; start += Batch)
        {
            cancel.ThrowIfCancellationRequested();
            using var part = NewDisposeScope();
            long size = Math.Min(Batch, count - start);
            var covered = eye(count, count, ScalarType.Float32, clip.device).narrow(0, start, size).view(size, frames, height, width);
            var scores = LogProbabilities(model, Cover(clip, covered), label);
            for (int k = 0; k < size; k++) falls[start + k] = (float)(whole - scores[k]);
            progress?.Report((double)(start + size) / count);
        }
        return tensor(falls).view(frames, height, width).MoveToOuterDisposeScope();
    }

    /// <summary>Copies of a clip of which parts are covered with its mean color.</summary>
    /// <param name="clip">(1, C, T, H, W).</param>
    /// <param name="parts">(M, T', H', W'): 1 where a part is covered, 0 elsewhere.</param>
    /// <returns>(M, C, T, H, W).</returns>
    internal static Tensor Cover(Tensor clip, Tensor parts)
    {
        using var scope = NewDisposeScope();
        long[] size = clip.shape[2..];
        // (M, 1, T, H, W)
        var covered = functional.interpolate(parts.unsqueeze(1).to_type(clip.dtype), size, mode: InterpolationMode.Nearest);
        var color = clip.mean([2L, 3, 4], keepdim: true);                                             // (1, C, 1, 1, 1)
        return clip.Plus(color.Plus(clip.neg()) * covered).MoveToOuterDisposeScope();
    }

    /// <summary>The logarithm of a class's probability in each clip (B, C, T, H, W).</summary>
    internal static float[] LogProbabilities(VideoModel model, Tensor clips, int label)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return model.call(clips).to_type(ScalarType.Float32).log_softmax(1)[.., label].cpu().contiguous().data<float>().ToArray();
    }

    // Frames, rows and columns of boxes: the patches, or 16 pixels of a model without, halved in time or in space until they are few.
    private static (int Frames, int Height, int Width) Boxes(VideoModel model, Tensor clip)
    {
        const int usual = 16;
        int Along(long pixels) => Math.Max(1, (int)pixels / usual);
        var shape = clip.shape;
        var boxes = (Frames: (int)shape[2], Height: Along(shape[3]), Width: Along(shape[4]));
        if (model is TransformerModel transformer)
        {
            var grid = transformer.Embed(clip).Grid;
            boxes = ((int)grid.Frames, (int)grid.Height, (int)grid.Width);
        }
        while (boxes.Frames * boxes.Height * boxes.Width > MostBoxes)
        {
            boxes = boxes.Frames > boxes.Height
                ? boxes with { Frames = (boxes.Frames + 1) / 2 }
                : boxes with { Height = (boxes.Height + 1) / 2, Width = (boxes.Width + 1) / 2 };
        }
        return boxes;
    }
}
