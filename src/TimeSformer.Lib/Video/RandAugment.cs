using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>
/// RandAugment (Cubuk, Zoph, Shlens, Le, 2019, arXiv 1909.13719): a few operations drawn from fourteen, one after the other, all of one
/// strength. All frames of a clip are treated alike.
/// </summary>
/// <param name="Operations">How many are drawn.</param>
/// <param name="Magnitude">Their strength, 0 (none) to 10.</param>
public sealed record RandAugment(int Operations, double Magnitude)
{
    private const double LargestAngle = 30;      // degrees
    private const double LargestShear = 0.3;
    private const double LargestShift = 0.45;    // of the clip's width
    private const double LargestChange = 0.9;    // of colour, contrast, brightness, sharpness

    /// <summary>The operations.</summary>
    internal enum Operation
    {
        Identity, AutoContrast, Equalize, Rotate, Solarize, Colour, Posterize, Contrast, Brightness, Sharpness, ShearX, ShearY, TranslateX, TranslateY,
    }

    /// <summary>Changes a clip (T, S, S, 3), uint8, contiguous, on the CPU, in place.</summary>
    public void Apply(Tensor clip, Random random)
    {
        var known = Enum.GetValues<Operation>();
        for (int k = 0; k < Operations; k++)
        {
            var operation = known[random.Next(known.Length)];
            Apply(clip, operation, (random.Next(2) == 0 ? -1 : 1) * Magnitude / 10);
        }
    }

    /// <summary>One operation, with a strength of -1 to 1; the sign says to which side, or whether more or less.</summary>
    internal static void Apply(Tensor clip, Operation operation, double strength)
    {
        double size = clip.shape[1], middle = (size - 1) / 2;
        switch (operation)
        {
            case Operation.Identity:
                break;
            case Operation.Rotate:
                var (sin, cos) = Math.SinCos(Math.PI / 180 * LargestAngle * strength);
                Warp(clip, cos, sin, (middle * (1 - cos)) - (middle * sin), -sin, cos, (middle * (1 - cos)) + (middle * sin));
                break;
            case Operation.ShearX:
                Warp(clip, 1, LargestShear * strength, -LargestShear * strength * middle, 0, 1, 0);
                break;
            case Operation.ShearY:
                Warp(clip, 1, 0, 0, LargestShear * strength, 1, -LargestShear * strength * middle);
                break;
            case Operation.TranslateX:
                Warp(clip, 1, 0, LargestShift * strength * size, 0, 1, 0);
                break;
            case Operation.TranslateY:
                Warp(clip, 1, 0, 0, 0, 1, LargestShift * strength * size);
                break;
            case Operation.Sharpness:
                Sharpen(clip, 1 + (LargestChange * strength));
                break;
            case Operation.AutoContrast:
                Tones.AutoContrast(clip.bytes);
                break;
            case Operation.Equalize:
                Tones.Equalize(clip.bytes);
                break;
            case Operation.Solarize:
                Tones.Solarize(clip.bytes, 256 * (1 - Math.Abs(strength)));
                break;
            case Operation.Posterize:
                Tones.Posterize(clip.bytes, bits: 8 - (int)Math.Round(4 * Math.Abs(strength)));
                break;
            case Operation.Colour:
                Tones.Saturate(clip.bytes, 1 + (LargestChange * strength));
                break;
            case Operation.Contrast:
                Tones.Contrast(clip.bytes, 1 + (LargestChange * strength));
                break;
            case Operation.Brightness:
                Tones.Brighten(clip.bytes, 1 + (LargestChange * strength));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "there is no such operation");
        }
    }

    // The two rows of the matrix by which places move; what comes into view is the mean colour.
    private static void Warp(Tensor clip, params double[] rows)
    {
        using var matrix = Mat.FromPixelData(2, 3, MatType.CV_64FC1, rows);
        using var moved = new Mat();
        OnFrames(clip, frame =>
        {
            Cv2.WarpAffine(frame, moved, matrix, frame.Size(), InterpolationFlags.Linear, BorderTypes.Constant, OpenCvSharp.Scalar.All(255 * ClipNormalization.Default.Mean));
            moved.CopyTo(frame);
        });
    }

    // Away from a smoothed picture (weights 1, in the middle 5, of 13) or, below 1, towards it.
    private static void Sharpen(Tensor clip, double factor)
    {
        using var box = new Mat();
        OnFrames(clip, frame =>
        {
            Cv2.Blur(frame, box, new(3, 3));
            Cv2.AddWeighted(frame, factor + ((1 - factor) * 4 / 13), box, (1 - factor) * 9 / 13, 0, frame);
        });
    }

    private static unsafe void OnFrames(Tensor clip, Action<Mat> change)
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
