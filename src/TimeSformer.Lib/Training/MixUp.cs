using TimeSformer.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Training;

/// <summary>
/// MixUp (Zhang, Cisse, Dauphin, Lopez-Paz, 2018, arXiv 1710.09412): each clip of a batch and its opposite, mixed in a random proportion,
/// and their classes in the same one.
/// </summary>
internal static class MixUp
{
    /// <summary>Mixes in a proportion drawn from the distribution Beta(alpha, alpha).</summary>
    /// <param name="clips">(B, C, T, H, W).</param>
    /// <param name="labels">(B), int64.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="alpha">Above 0; the larger, the more even the proportions.</param>
    /// <param name="random">Draws the proportion.</param>
    /// <returns>Clips (B, C, T, H, W) and probabilities of classes (B, classes).</returns>
    public static (Tensor Clips, Tensor Targets) Apply(Tensor clips, Tensor labels, int classes, double alpha, Random random) =>
        Mix(clips, labels, classes, Beta(alpha, random));

    /// <summary>Mixes with a given weight of each clip itself.</summary>
    public static (Tensor Clips, Tensor Targets) Mix(Tensor clips, Tensor labels, int classes, double weight)
    {
        var targets = functional.one_hot(labels, classes).to_type(ScalarType.Float32);      // (B, classes)
        return (Mixed(clips), Mixed(targets));

        Tensor Mixed(Tensor x) => x.Times(weight).Plus(x.flip(0).Times(1 - weight));
    }

    /// <summary>A number drawn from Beta(alpha, alpha).</summary>
    public static double Beta(double alpha, Random random)
    {
        double a = Gamma(alpha, random), b = Gamma(alpha, random);
        return a + b > 0 ? a / (a + b) : random.Next(2); // so small an alpha leaves all to one of the two
    }

    // Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.
    private static double Gamma(double shape, Random random)
    {
        if (shape < 1) return Gamma(shape + 1, random) * Math.Pow(random.NextDouble(), 1 / shape);
        double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(random), v = Math.Pow(1 + (c * x), 3), u = 1 - random.NextDouble();
            if (v > 0 && Math.Log(u) < (x * x / 2) + d - (d * v) + (d * Math.Log(v))) return d * v;
        }
    }

    // Box and Muller.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
