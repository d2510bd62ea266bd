using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>
/// RandAugment (Cubuk, Zoph, Shlens, Le, 2019, arXiv 1909.13719): applies a few random operations out of fourteen, one after the other and
/// with the same magnitude. All frames of a clip are changed in the same way.
/// </summary>
/// <param name="Operations">The number of operations (N in the paper).</param>
/// <param name="Magnitude">Their magnitude, from 0 (none) to 10 (M in the paper).</param>
public sealed record RandAugment(int Operations, double Magnitude)
{
    private const double MaxAngle = 30;          // degrees
    private const double MaxShear = 0.3;
    private const double MaxTranslation = 0.45;  // fraction of the clip's width
    private const double MaxChange = 0.9;        // of color, contrast, brightness and sharpness

    internal enum Operation
    {
        Identity, AutoContrast, Equalize, Rotate, Solarize, Color, Posterize, Contrast, Brightness, Sharpness,
        ShearX, ShearY, TranslateX, TranslateY,
    }

    /// <summary>Augments a contiguous clip (T, S, S, 3), uint8 on the CPU, in place.</summary>
    public void Apply(Tensor clip, Random random)
    {
        var known = Enum.GetValues<Operation>();
        for (int k = 0; k < Operations; k++)
        {
            var operation = known[random.Next(known.Length)];
            Apply(clip, operation, (random.Next(2) == 0 ? -1 : 1) * Magnitude / 10);
        }
    }

    /// <summary>Applies one operation with a strength from -1 to 1; the sign is the direction.</summary>
    internal static void Apply(Tensor clip, Operation operation, double strength)
    {
        double size = clip.shape[1], center = (size - 1) / 2, factor = 1 + (MaxChange * strength);
        switch (operation)
        {
            case Operation.Identity: break;
            case Operation.Rotate:
                var (sin, cos) = Math.SinCos(Math.PI / 180 * MaxAngle * strength);
                Warp(clip, cos, sin, (center * (1 - cos)) - (center * sin), -sin, cos, (center * (1 - cos)) + (center * sin));
                break;
            case Operation.ShearX: Warp(clip, 1, MaxShear * strength, -MaxShear * strength * center, 0, 1, 0); break;
            case Operation.ShearY: Warp(clip, 1, 0, 0, MaxShear * strength, 1, -MaxShear * strength * center); break;
            case Operation.TranslateX: Warp(clip, 1, 0, MaxTranslation * strength * size, 0, 1, 0); break;
            case Operation.TranslateY: Warp(clip, 1, 0, 0, 0, 1, MaxTranslation * strength * size); break;
            case Operation.Sharpness: Sharpen(clip, factor); break;
            case Operation.AutoContrast: ColorOperations.AutoContrast(clip.bytes); break;
            case Operation.Equalize: ColorOperations.Equalize(clip.bytes); break;
            case Operation.Solarize: ColorOperations.Solarize(clip.bytes, 256 * (1 - Math.Abs(strength))); break;
            case Operation.Posterize: ColorOperations.Posterize(clip.bytes, bits: 8 - (int)Math.Round(4 * Math.Abs(strength))); break;
            case Operation.Color: ColorOperations.Saturate(clip.bytes, factor); break;
            case Operation.Contrast: ColorOperations.Contrast(clip.bytes, factor); break;
            case Operation.Brightness: ColorOperations.Brighten(clip.bytes, factor); break;
            default: throw new ArgumentOutOfRangeException(nameof(operation), operation, "unknown operation");
        }
    }

    // An affine transform, given by the two rows of its matrix; the border is filled with the mean color.
    private static void Warp(Tensor clip, params double[] rows)
    {
        var fill = OpenCvSharp.Scalar.All(255 * ClipNormalization.Default.Mean[0]);
        using var matrix = Mat.FromPixelData(2, 3, MatType.CV_64FC1, rows);
        using var warped = new Mat();
        ForEachFrame(clip, frame =>
        {
            Cv2.WarpAffine(frame, warped, matrix, frame.Size(), InterpolationFlags.Linear, BorderTypes.Constant, fill);
            warped.CopyTo(frame);
        });
    }

    // Moves pixels away from a smoothed picture (3 x 3 weights of 1/13, 5/13 in the center) or, with a factor below 1, towards it.
    private static void Sharpen(Tensor clip, double factor)
    {
        using var box = new Mat();
        ForEachFrame(clip, frame =>
        {
            Cv2.Blur(frame, box, new(3, 3));
            Cv2.AddWeighted(frame, factor + ((1 - factor) * 4 / 13), box, (1 - factor) * 9 / 13, 0, frame);
        });
    }

    private static unsafe void ForEachFrame(Tensor clip, Action<Mat> change)
    {
        for (long t = 0; t < clip.shape[0]; t++)
        {
            using var frame = clip[t]; // (S, S, 3)
            fixed (byte* pixels = frame.bytes)
            {
                using var picture = Mat.FromPixelData((int)frame.shape[0], (int)frame.shape[1], MatType.CV_8UC3, (nint)pixels);
                change(picture);
            }
        }
    }
}
