using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>Random erasing (Zhong et al., 2017, arXiv 1708.04896): noise over 2 % to a third of the picture, in all frames.</summary>
/// <param name="Probability">The probability that a clip is changed, 0 to 1.</param>
public sealed record RandomErasing(double Probability)
{
    private const double MinArea = 0.02, MaxArea = 1.0 / 3; // as fractions of the picture
    private const double MaxAspectRatio = 1 / 0.3;
    private const int Attempts = 10;

    /// <summary>Augments a contiguous clip (T, S, S, 3), uint8 on the CPU, in place.</summary>
    public void Apply(Tensor clip, Random random)
    {
        if (random.NextDouble() >= Probability) return;
        int count = (int)clip.shape[0], size = (int)clip.shape[1];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            double area = (MinArea + ((MaxArea - MinArea) * random.NextDouble())) * size * size;
            double aspectRatio = Math.Pow(MaxAspectRatio, (2 * random.NextDouble()) - 1);
            int height = (int)Math.Round(Math.Sqrt(area * aspectRatio)), width = (int)Math.Round(Math.Sqrt(area / aspectRatio));
            if (height >= size || width >= size || height == 0 || width == 0) continue;
            int top = random.Next(size - height + 1), left = random.Next(size - width + 1);
            var pixels = clip.bytes;
            for (int t = 0; t < count; t++)
            {
                for (int y = top; y < top + height; y++)
                {
                    random.NextBytes(pixels.Slice(((((t * size) + y) * size) + left) * 3, width * 3));
                }
            }
            return;
        }
    }
}
