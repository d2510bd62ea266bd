using OpenCvSharp;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>
/// Where a clip is cut out of its frames: the short side is scaled to <paramref name="ShortSide"/> pixels, then a square of
/// <paramref name="CropSize"/> is taken at a place given as shares (0 to 1) of the room there is, and mirrored or not.
/// </summary>
public sealed record ClipTransform(int ShortSide, int CropSize, double Left, double Top, bool Flip)
{
    /// <summary>
    /// For training (datasets/utils.py, spatial_sampling): a random scale, place and mirroring. The scale is uniform, or with
    /// <paramref name="inverseUniform"/> its inverse is, which makes small scales more frequent.
    /// </summary>
    public static ClipTransform Random(int minScale, int maxScale, int cropSize, bool flip, Random random, bool inverseUniform = false)
    {
        double drawn = random.NextDouble();
        double scale = inverseUniform ? 1 / ((1.0 / maxScale) + (((1.0 / minScale) - (1.0 / maxScale)) * drawn)) : minScale + ((maxScale - minScale) * drawn);
        return new((int)Math.Round(scale), cropSize, random.NextDouble(), random.NextDouble(), flip && random.Next(2) == 1);
    }

    /// <summary>For testing: the whole short side, and the crop in the middle.</summary>
    public static ClipTransform Centre(int cropSize) => new(cropSize, cropSize, 0.5, 0.5, Flip: false);

    /// <summary>
    /// For testing with several crops (datasets/transform.py, uniform_crop): 0, 1 and 2 are left, middle and right of a wide video, top,
    /// middle and bottom of a tall one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such crop.</exception>
    public static ClipTransform Uniform(int cropSize, int crop) => crop is >= 0 and <= 2
        ? new(cropSize, cropSize, crop / 2.0, crop / 2.0, Flip: false)
        : throw new ArgumentOutOfRangeException(nameof(crop), crop, "the crops are 0, 1 and 2");

    /// <summary>RGB frames (T, H, W, 3), uint8 on the CPU, to (T, S, S, 3).</summary>
    public unsafe Tensor Apply(Tensor frames)
    {
        int count = (int)frames.shape[0], height = (int)frames.shape[1], width = (int)frames.shape[2];
        var (scaledWidth, scaledHeight) = width < height
            ? (ShortSide, (int)Math.Floor((double)height / width * ShortSide))
            : ((int)Math.Floor((double)width / height * ShortSide), ShortSide);
        if (scaledWidth < CropSize || scaledHeight < CropSize) throw new ArgumentException($"a crop of {CropSize} pixels does not fit frames of {scaledWidth}x{scaledHeight}");
        int left = Offset(Left, scaledWidth - CropSize), top = Offset(Top, scaledHeight - CropSize);

        var result = empty(new long[] { count, CropSize, CropSize, 3 }, ScalarType.Byte);
        using var scaled = new Mat();
        for (int t = 0; t < count; t++)
        {
            // One at a time: all frames together may exceed what one span can hold.
            using Tensor from = frames[t], to = result[t]; // (H, W, 3), (S, S, 3)
            fixed (byte* source = from.bytes, target = to.bytes)
            {
                using var frame = Mat.FromPixelData(height, width, MatType.CV_8UC3, (nint)source);
                using var place = Mat.FromPixelData(CropSize, CropSize, MatType.CV_8UC3, (nint)target);
                var whole = frame;
                if (scaledWidth != width || scaledHeight != height)
                {
                    Cv2.Resize(frame, scaled, new OpenCvSharp.Size(scaledWidth, scaledHeight), interpolation: InterpolationFlags.Linear);
                    whole = scaled;
                }
                using var crop = whole[new Rect(left, top, CropSize, CropSize)];
                if (Flip) Cv2.Flip(crop, place, FlipMode.Y);
                else crop.CopyTo(place);
            }
        }
        return result;
    }

    // Every offset from 0 to the room is as likely as any other; rounded up in the middle, as the official centre crop.
    private static int Offset(double share, int room) => Math.Min(room, (int)Math.Floor(share * (room + 1)));
}

/// <summary>Scales pixel values to zero mean and unit deviation; the defaults are the official ones, alike for the three colours.</summary>
public sealed record ClipNormalization(double Mean = 0.45, double Std = 0.225)
{
    /// <summary>The official values.</summary>
    public static ClipNormalization Default { get; } = new();

    /// <summary>Clips (B, T, H, W, C), uint8, to (B, C, T, H, W), float32, on the same device.</summary>
    public Tensor Apply(Tensor clips)
    {
        using var scope = NewDisposeScope();
        var values = clips.permute(0, 4, 1, 2, 3).to_type(ScalarType.Float32).contiguous(); // (B, C, T, H, W)
        return values.Times(1 / (255 * Std)).Plus(-Mean / Std).MoveToOuterDisposeScope();
    }
}
