using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>Scales the short side of a clip's frames to `ShortSide` pixels, then crops a square of `CropSize` pixels.</summary>
/// <param name="Left">Horizontal position of the crop, from 0 (left edge) to 1 (right edge); `Top` is the vertical one.</param>
/// <param name="Flip">Mirror the crop horizontally.</param>
public sealed record ClipTransform(int ShortSide, int CropSize, double Left, double Top, bool Flip)
{
    /// <summary>
    /// For training (datasets/utils.py, spatial_sampling): random scale, position and, with <paramref name="flip"/>, mirroring of half the
    /// clips. The scale is uniform; with <paramref name="inverseUniform"/> its inverse is, which makes small scales more frequent.
    /// </summary>
    public static ClipTransform Random(int minScale, int maxScale, int cropSize, bool flip, Random random, bool inverseUniform = false)
    {
        double drawn = random.NextDouble();
        double scale = inverseUniform
            ? 1 / ((1.0 / maxScale) + (((1.0 / minScale) - (1.0 / maxScale)) * drawn))
            : minScale + ((maxScale - minScale) * drawn);
        return new((int)Math.Round(scale), cropSize, random.NextDouble(), random.NextDouble(), flip && random.Next(2) == 1);
    }

    /// <summary>
    /// For testing: the short side scaled to the crop's size, and the center crop. The official test with a single crop scales it to
    /// TRAIN_JITTER_SCALES[0] instead (datasets/kinetics.py), which <see cref="ClipFormat.ShortSide"/> can ask for.
    /// </summary>
    public static ClipTransform Center(int cropSize) => new(cropSize, cropSize, 0.5, 0.5, Flip: false);

    /// <summary>For testing a model's clips: the short side scaled as they ask, and the center crop.</summary>
    public static ClipTransform Center(ClipFormat clip) => Center(clip.CropSize) with { ShortSide = clip.ShortSide ?? clip.CropSize };

    /// <summary>For testing with three crops (datasets/transform.py, uniform_crop): 0 to 2 are left to right, or top to bottom.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The crop is not 0, 1 or 2.</exception>
    public static ClipTransform Uniform(int cropSize, int crop) => crop is >= 0 and <= 2
        ? new(cropSize, cropSize, crop / 2.0, crop / 2.0, Flip: false)
        : throw new ArgumentOutOfRangeException(nameof(crop), crop, "the crop must be 0, 1 or 2");

    /// <summary>Transforms frames (T, H, W, 3), uint8 on the CPU, into (T, S, S, 3).</summary>
    /// <exception cref="ArgumentException">The scaled frames are smaller than the crop.</exception>
    public unsafe Tensor Apply(Tensor frames)
    {
        int count = (int)frames.shape[0], height = (int)frames.shape[1], width = (int)frames.shape[2];
        var size = ScaledSize(width, height, ShortSide);
        bool isTooSmall = size.Width < CropSize || size.Height < CropSize;
        if (isTooSmall) throw new ArgumentException($"a crop of {CropSize} does not fit into {size.Width}x{size.Height} pixels");
        int left = Offset(Left, size.Width - CropSize), top = Offset(Top, size.Height - CropSize);

        var result = empty(new long[] { count, CropSize, CropSize, 3 }, ScalarType.Byte);
        using var scaled = new Mat();
        for (int t = 0; t < count; t++)
        {
            // One frame at a time: a span cannot hold more than 2 GiB.
            using Tensor from = frames[t], to = result[t]; // (H, W, 3), (S, S, 3)
            fixed (byte* source = from.bytes, target = to.bytes)
            {
                using var frame = Mat.FromPixelData(height, width, MatType.CV_8UC3, (nint)source);
                using var cropped = Mat.FromPixelData(CropSize, CropSize, MatType.CV_8UC3, (nint)target);
                Cv2.Resize(frame, scaled, size, interpolation: InterpolationFlags.Linear);
                using var crop = scaled[new Rect(left, top, CropSize, CropSize)];
                if (Flip) Cv2.Flip(crop, cropped, FlipMode.Y);
                else crop.CopyTo(cropped);
            }
        }
        return result;
    }

    /// <summary>The size of a frame with its short side scaled; the other side is rounded down.</summary>
    internal static OpenCvSharp.Size ScaledSize(int width, int height, int shortSide)
    {
        if (Math.Min(width, height) == shortSide) return new(width, height);
        return width < height
            ? new(shortSide, (int)Math.Floor((double)height / width * shortSide))
            : new((int)Math.Floor((double)width / height * shortSide), shortSide);
    }

    // All offsets from 0 to `margin` are equally likely; the middle is rounded up, as in the official center crop.
    private static int Offset(double fraction, int margin) => Math.Min(margin, (int)Math.Floor(fraction * (margin + 1)));
}
