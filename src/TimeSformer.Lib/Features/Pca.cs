using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Features;

/// <summary>Rows as principal components have them.</summary>
/// <param name="Scores">(N, K), float64: the coordinates of the N rows, by falling variance; zeros beyond the rank.</param>
/// <param name="Shares">(K), the share of the total variance in each component, 0 to 1.</param>
public sealed record Pca(Tensor Scores, IReadOnlyList<double> Shares) : IDisposable
{
    private const int Oversampling = 10, Iterations = 4;

    /// <summary>
    /// The leading principal components: with the centered rows A = U S Vᵀ, the scores are the first columns of U S. A basis Q of the
    /// leading columns is found by subspace iteration from a random start, Q ← orth(A Aᵀ Q) (Halko, Martinsson and Tropp 2011, algorithm
    /// 4.4), then the small matrix Qᵀ A is decomposed; where it is as large as A, this is exact; else, components of
    /// almost the same variance may mix. Signs are such that the largest entry of each axis is positive.
    /// </summary>
    /// <param name="rows">(N, F).</param>
    /// <param name="components">K, 1 or more.</param>
    public static Pca Of(Tensor rows, int components)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        // In float64, so that results rounded to float32 hardly depend on how the products are divided among threads.
        var values = rows.cpu().to_type(ScalarType.Float64);
        var centered = values - values.mean([0L], keepdim: true);                                     // (N, F)
        int rank = (int)Math.Min(components, Math.Min(rows.shape[0], rows.shape[1]));
        long width = Math.Min(rank + Oversampling, Math.Min(rows.shape[0], rows.shape[1]));           // W
        using var generator = new Generator(0);
        var start = randn([rows.shape[1], width], dtype: ScalarType.Float64, generator: generator);   // (F, W)
        var basis = Orthogonal(Matrix.matmul(centered, start));                                       // (N, W)
        for (int k = 0; k < Iterations; k++)
        {
            var turned = Orthogonal(Matrix.matmul(centered.t(), basis));                              // (F, W)
            var next = Orthogonal(Matrix.matmul(centered, turned));
            turned.Dispose();
            basis.Dispose();
            basis = next;
        }
        var (left, singular, axes) = linalg.svd(Matrix.matmul(basis.t(), centered), fullMatrices: false); // (W, W), (W), (W, F)
        using var largest = axes.abs().argmax(1, keepdim: true);
        var signs = axes.gather(1, largest).sign().squeeze(1);                                        // (W)
        var scores = Matrix.matmul(basis, left * (singular * signs))[.., ..rank];                     // (N, rank)
        var total = centered.square().sum();
        using TorchSharp.Scalar least = 1e-300;
        var shares = (singular.square() / total.clamp_min(least)).data<double>().ToArray().AsSpan(0, rank);
        var padded = zeros([rows.shape[0], components], ScalarType.Float64);
        padded[.., ..rank] = scores;
        return new(padded.MoveToOuterDisposeScope(), [.. shares, .. new double[components - rank]]);
    }

    /// <summary>Frees the scores.</summary>
    public void Dispose() => Scores.Dispose();

    // Orthonormal columns that span those of a matrix.
    private static Tensor Orthogonal(Tensor columns)
    {
        using var scope = NewDisposeScope();
        return linalg.qr(columns).Q.MoveToOuterDisposeScope();
    }
}
