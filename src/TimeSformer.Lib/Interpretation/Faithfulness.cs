using TimeSformer.Data;
using TimeSformer.Models;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>How a class's probability changes while a clip is covered, or uncovered, step by step.</summary>
/// <param name="Probabilities">At equal steps, from none of the parts to all.</param>
public sealed record CoverCurve(IReadOnlyList<double> Probabilities)
{
    /// <summary>The area below the curve, 0 to 1, by trapezoids.</summary>
    public double Area { get; } = Probabilities.Zip(Probabilities.Skip(1), (a, b) => (a + b) / 2).Average();
}

/// <summary>
/// Whether a map tells what a model uses: deletion and insertion (Petsiuk, Das and Saenko, BMVC 2018, "RISE", section 4.2). Of two maps the
/// better has the smaller area of deletion, and the larger of insertion.
/// </summary>
public static class Faithfulness
{
    /// <summary>The class's probability while the most relevant parts are covered first, with the clip's mean color.</summary>
    /// <param name="model">The model.</param>
    /// <param name="clip">(1, C, T, H, W), as the model takes it.</param>
    /// <param name="label">The class.</param>
    /// <param name="map">(T', H', W'), from <see cref="Relevance.Map"/>.</param>
    /// <param name="steps">Of the curve.</param>
    /// <exception cref="ArgumentException">The map does not have three dimensions, or there are no steps.</exception>
    public static CoverCurve Deletion(VideoModel model, Tensor clip, int label, Tensor map, int steps = 16) =>
        Curve(model, clip, label, map, steps, isInsertion: false);

    /// <summary>The class's probability while the most relevant parts of a wholly covered clip are uncovered first.</summary>
    /// <inheritdoc cref="Deletion"/>
    public static CoverCurve Insertion(VideoModel model, Tensor clip, int label, Tensor map, int steps = 16) =>
        Curve(model, clip, label, map, steps, isInsertion: true);

    /// <summary>
    /// The share of a map's mass in the patches that an object's box touches, and the share of these patches among all: what a map that is
    /// the same everywhere would have (the energy-based pointing game of Wang et al. 2020, "Score-CAM", section 4.3).
    /// </summary>
    /// <param name="map">(T', H', W'), from <see cref="Relevance.Map"/>.</param>
    /// <param name="boxes">T' boxes; null where there is no object.</param>
    /// <exception cref="ArgumentException">There are fewer or more boxes.</exception>
    public static (double Mass, double Area) Within(Tensor map, IReadOnlyList<Box?> boxes)
    {
        var (frames, height, width) = (map.shape[0], map.shape[1], map.shape[2]);
        if (boxes.Count != frames) throw new ArgumentException($"a map of {frames} frames needs as many boxes; these are {boxes.Count}");
        using var scope = NewDisposeScope();
        var values = map.cpu().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
        double mass = 0;
        long touched = 0;
        for (int k = 0; k < values.Length; k++)
        {
            long column = k % width, row = k / width % height;
            if (boxes[(int)(k / (width * height))] is not { } box) continue;
            if (box.Left * width >= column + 1 || box.Right * width <= column) continue;
            if (box.Top * height >= row + 1 || box.Bottom * height <= row) continue;
            mass += values[k];
            touched++;
        }
        return (mass / Math.Max(values.Sum(), double.Epsilon), (double)touched / values.Length);
    }

    private static CoverCurve Curve(VideoModel model, Tensor clip, int label, Tensor map, int steps, bool isInsertion)
    {
        if (map.dim() != 3) throw new ArgumentException($"a map has 3 dimensions (T', H', W'), this one {map.dim()}");
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        using var scope = NewDisposeScope();
        long count = map.numel();
        var rank = map.flatten().argsort(descending: true).argsort().to(clip.device);                 // (T'·H'·W'), 0 is the most relevant
        List<double> probabilities = [];
        for (int step = 0; step <= steps; step++)
        {
            using var part = NewDisposeScope();
            var chosen = rank.lt((long)Math.Round((double)count * step / steps));
            var covered = (isInsertion ? chosen.logical_not() : chosen).view(map.shape).unsqueeze(0);
            probabilities.Add(Math.Exp(Occlusion.LogProbabilities(model, Occlusion.Cover(clip, covered), label)[0]));
        }
        return new(probabilities);
    }
}
