using OpenCvSharp;
using TimeSformer.Data;
using TimeSformer.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Notebooks.Attention;

/// <summary>Frames under a map of what matters in them: dark where nothing does, as in the figures of the paper and its blog.</summary>
public static class Overlay
{
    private const int LeastPixels = 256;

    private static readonly float[] glowColor = [255, 170, 40];

    /// <summary>Frames with their brightness by the map, and a touch of color where there is most.</summary>
    /// <param name="frames">(T, H, W, 3), uint8 RGB.</param>
    /// <param name="map">(T', H', W'), not negative; stretched to the frames.</param>
    /// <returns>(T, H, W, 3), uint8.</returns>
    public static Tensor Lit(Tensor frames, Tensor map)
    {
        using var scope = NewDisposeScope();
        var levels = Levels(map).unsqueeze(0).unsqueeze(0);                                           // (1, 1, T', H', W')
        var smooth = functional.interpolate(levels, frames.shape[..3], mode: InterpolationMode.Trilinear, align_corners: false);
        var level = smooth[0, 0].unsqueeze(3).Between(0, 1);                                          // (T, H, W, 1)
        var shaded = frames.to_type(ScalarType.Float32) * level.Times(0.8f).Plus(0.2f);
        return shaded.Plus((tensor(glowColor) * level).Times(0.28f)).Between(0, 255).to_type(ScalarType.Byte).MoveToOuterDisposeScope();
    }

    /// <summary>Writes a clip above its frames under the map as a PNG picture.</summary>
    /// <param name="frames">(T, H, W, 3), uint8 RGB.</param>
    /// <param name="map">(T', H', W').</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteStrip(Tensor frames, Tensor map, string path)
    {
        using var scope = NewDisposeScope();
        var both = cat([Picture.Strip(frames), Picture.Strip(Lit(frames, map))], 0);                  // (2H, ..., 3)
        File.WriteAllBytes(path, Picture.Encoded(Enlarged(both, frames), ".png"));
    }

    /// <summary>Writes a video of frames beside the same frames under the map.</summary>
    /// <param name="frames">(T, H, W, 3), uint8 RGB: the clip's frames, or all frames of the video from its first to its last.</param>
    /// <param name="map">(T', H', W').</param>
    /// <param name="framesPerSecond">At which they are shown.</param>
    /// <exception cref="IOException">The file cannot be written, or not to its end.</exception>
    public static void WriteVideo(Tensor frames, Tensor map, string path, double framesPerSecond)
    {
        using var scope = NewDisposeScope();
        var both = cat([frames, Lit(frames, map)], 2);                                                // (T, H, 2W, 3)
        using var first = At(0);
        VideoPreparation.Encode(path, framesPerSecond, first.Size(), ["avc1", "mp4v"], write =>
        {
            for (long t = 0; t < both.shape[0]; t++)
            {
                using var picture = At(t);
                write(picture);
            }
        });

        Mat At(long t)
        {
            using var one = NewDisposeScope();
            return Picture.Bgr(Enlarged(both[t], frames));
        }
    }

    /// <summary>
    /// A map as brightness from 0 to 1: the lowest fifth is dark and the highest fiftieth bright, because a map by rollout has a large
    /// share that is the same everywhere.
    /// </summary>
    internal static Tensor Levels(Tensor map)
    {
        using var scope = NewDisposeScope();
        var values = map.detach().cpu().to_type(ScalarType.Float32);
        var sorted = values.flatten().sort().Values;
        long count = values.numel();
        var (low, high) = (sorted[count / 5], sorted[count - 1 - (count / 50)]);
        var range = high.Plus(low.neg()).clamp(min: Arithmetic.Least);
        return (values.Plus(low.neg()) / range).Between(0, 1).sqrt().MoveToOuterDisposeScope();
    }

    // A picture of small frames, each pixel several times.
    private static Tensor Enlarged(Tensor picture, Tensor frames)
    {
        long times = Math.Max(1, LeastPixels / frames.shape[1]);
        return picture.repeat_interleave(times, 0).repeat_interleave(times, 1);
    }
}
