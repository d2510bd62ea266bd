using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Features;

/// <summary>The class whose mean is nearest.</summary>
internal sealed class CentroidClassifier : FeatureClassifier
{
    /// <summary>Cosines are divided by it before the softmax.</summary>
    internal const double Temperature = 0.1;

    private readonly Tensor centroids;

    public CentroidClassifier(FeatureSet training)
        : base(training)
    {
        using var scope = NewDisposeScope();
        centroids = Centroids(Scale.Apply(training.Values), training.Labels(), training.Classes.Count).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        centroids.Dispose();
        base.Dispose();
    }

    private protected override Tensor Scores(Tensor scaled) => ToCentroids(scaled, centroids);

    /// <summary>Logits (M, classes) of rows (M, E) of length 1; a class without a mean has none.</summary>
    internal static Tensor ToCentroids(Tensor rows, Tensor centroids)
    {
        using var scope = NewDisposeScope();
        using Scalar none = double.NegativeInfinity, zero = 0;
        var empty = centroids.abs().sum(1).eq(zero);                                                  // (classes)
        return Matrix.matmul(rows, centroids.t()).Over(Temperature).masked_fill(empty, none).MoveToOuterDisposeScope();
    }
}

/// <summary>The classes of the nearest videos, weighted by exp(cosine / temperature).</summary>
internal sealed class KnnClassifier : FeatureClassifier
{
    private const int Neighbors = 5;
    private const double Temperature = 0.07; // as usual for frozen features (Wu et al., CVPR 2018; Caron et al., ICCV 2021)

    private readonly Tensor rows;
    private readonly Tensor classes;

    public KnnClassifier(FeatureSet training)
        : base(training)
    {
        using var scope = NewDisposeScope();
        rows = Scale.Apply(training.Values).MoveToOuterDisposeScope();                                     // (N, F)
        classes = functional.one_hot(training.Labels(), training.Classes.Count)
            .to_type(ScalarType.Float32).MoveToOuterDisposeScope();                                   // (N, classes)
    }

    public override void Dispose()
    {
        rows.Dispose();
        classes.Dispose();
        base.Dispose();
    }

    // The logarithm of the weights, so that the softmax gives their shares.
    private protected override Tensor Scores(Tensor scaled)
    {
        using var scope = NewDisposeScope();
        int k = (int)Math.Min(Neighbors, rows.shape[0]);
        var (near, which) = Matrix.matmul(scaled, rows.t()).topk(k, dim: 1);                          // (M, k) each
        var weights = near.Over(Temperature).exp().unsqueeze(2);                                      // (M, k, 1)
        var votes = classes.index_select(0, which.flatten()).view(which.shape[0], k, -1);             // (M, k, classes)
        return (weights * votes).sum([1L]).log().MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Multinomial logistic regression with a penalty on the weights, fitted by accelerated gradient descent on all videos at once; the penalty
/// is the one that does best on recordings left out.
/// </summary>
internal sealed class LinearClassifier : FeatureClassifier
{
    private const int Iterations = 400, Folds = 5;
    private const double Tolerance = 5e-5;

    private static readonly double[] penalties = [1e-4, 1e-3, 1e-2];

    private readonly Tensor weights;

    public LinearClassifier(FeatureSet training)
        : base(training)
    {
        using var scope = NewDisposeScope();
        var (x, labels) = (WithOne(Scale.Apply(training.Values)), training.Labels());
        var (rows, squares, axes) = Principal(x);
        var folds = FeatureValidation.Folds(training, Folds);
        double best = folds.Count < 2
            ? penalties[1]
            : penalties.MaxBy(penalty => folds.Sum(fold => Hits(rows, squares, labels, fold, penalty)));
        weights = Matrix.matmul(axes, Descend(rows, squares, labels, Classes.Count, best)).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        weights.Dispose();
        base.Dispose();
    }

    private protected override Tensor Scores(Tensor scaled)
    {
        using var scope = NewDisposeScope();
        return Matrix.matmul(WithOne(scaled), weights).MoveToOuterDisposeScope();
    }

    private double Hits(Tensor rows, Tensor squares, Tensor labels, FeatureFold fold, double penalty)
    {
        using var scope = NewDisposeScope();
        Tensor train = Index(fold.Training), test = Index(fold.Test);
        var fitted = Descend(rows.index_select(0, train), squares, labels.index_select(0, train), Classes.Count, penalty);
        var guesses = Matrix.matmul(rows.index_select(0, test), fitted).argmax(1);
        return guesses.eq(labels.index_select(0, test)).sum().Number();
    }

    private static Tensor Index(IReadOnlyList<int> places) => tensor(places.Select(place => (long)place).ToArray());

    // The bias is the weight of the last column.
    private static Tensor WithOne(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return cat([rows, ones_like(rows[.., ..1])], 1).MoveToOuterDisposeScope();                    // (N, F + 1)
    }

    /// <summary>
    /// Rows in the basis of their principal axes, which are few where videos are, and where the sums of products of different columns
    /// are zero.
    /// </summary>
    /// <returns>The rows (N, R), the sums (R) of their columns' squares, and the axes (F, R).</returns>
    internal static (Tensor Rows, Tensor Squares, Tensor Axes) Principal(Tensor x)
    {
        var (left, lengths, axes) = linalg.svd(x, fullMatrices: false);
        return (left * lengths, lengths.square(), axes.t());
    }

    /// <summary>
    /// The weights (R, classes) of the least loss, the mean cross-entropy plus penalty / 2 times the sum of their squares: by Nesterov's
    /// method, restarted where it overshoots (O'Donoghue and Candès, 2015). Each column's step is the largest that its curvature, at most
    /// half its mean square plus the penalty (Böhning, 1992), allows.
    /// </summary>
    /// <param name="x">(N, R), rows in principal axes.</param>
    /// <param name="squares">(R), the sums of squares of their columns, or of these and further rows.</param>
    /// <param name="labels">(N), int64.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="penalty">What large weights cost.</param>
    internal static Tensor Descend(Tensor x, Tensor squares, Tensor labels, int classes, double penalty)
    {
        using var scope = NewDisposeScope();
        var target = functional.one_hot(labels, classes).to_type(ScalarType.Float32);                 // (N, classes)
        var steps = squares.Over(2 * x.shape[0]).Plus(penalty).reciprocal().unsqueeze(1);             // (R, 1)
        var weights = zeros(x.shape[1], classes);
        var ahead = zeros_like(weights);
        double age = 1;
        for (int k = 0; k < Iterations; k++)
        {
            using var inner = NewDisposeScope();
            var error = Matrix.matmul(x, ahead).softmax(1) - target;                                  // (N, classes)
            var gradient = Matrix.matmul(x.t(), error).Over(x.shape[0]).Plus(ahead.Times(penalty));   // (R, classes)
            var next = ahead - gradient * steps;
            var moved = next - weights;
            if ((gradient * moved).sum().Number() > 0) age = 1;
            double older = (1 + Math.Sqrt(1 + 4 * age * age)) / 2;
            var following = next.Plus(moved.Times((age - 1) / older));
            age = older;
            bool isLeast = gradient.norm().Number() < Tolerance;
            weights.Dispose();
            ahead.Dispose();
            (weights, ahead) = (next.MoveToOuterDisposeScope(), following.MoveToOuterDisposeScope());
            if (isLeast) break;
        }
        return weights.MoveToOuterDisposeScope();
    }
}
