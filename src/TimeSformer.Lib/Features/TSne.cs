using System.Numerics;
using System.Runtime.CompilerServices;
using TimeSformer.Kernels;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Features;

/// <summary>
/// t-distributed stochastic neighbor embedding (van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008): places in a plane such
/// that points that are neighbors in a space of many dimensions are neighbors there.
/// </summary>
/// <remarks>
/// With p_j|i = exp(-β_i |x_i - x_j|²) / Σ_k exp(-β_i |x_i - x_k|²), where β_i is such that the entropy of p_·|i is the logarithm of the
/// perplexity (equation 1), p_ij = (p_j|i + p_i|j) / 2N, w_ij = 1 / (1 + |y_i - y_j|²) and q_ij = w_ij / Σ_k≠l w_kl (equation 4), it
/// minimizes Σ p_ij log(p_ij / q_ij), whose gradient is 4 Σ_j (p_ij - q_ij) w_ij (y_i - y_j) (equation 5); the 4 is part of the learning
/// rate. Of p_·|i, the 3·perplexity nearest neighbors are kept (van der Maaten, "Accelerating t-SNE using Tree-Based Algorithms", 2014,
/// section 4.1); the second sum is exact. The start and the learning rate are those of Kobak and Berens, "The art of using t-SNE for
/// single-cell transcriptomics", 2019.
/// </remarks>
public static class TSne
{
    /// <summary>Steps of the descent.</summary>
    public const int Steps = 1000;

    private const int Exaggerated = 250;
    private const double Perplexity = 30, Exaggeration = 12, StartDeviation = 1e-4, Noise = 1e-6, LeastGain = 0.01;

    /// <summary>
    /// Places of points. They start at their first two principal components, with a little noise; the same seed gives the same places,
    /// whatever the number of threads. Equal points may lie on one place.
    /// </summary>
    /// <param name="points">(N, F), finite; some 50 features at most, such as principal components, for speed.</param>
    /// <param name="seed">Of the noise.</param>
    /// <param name="progress">Receives the number of steps done.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <returns>(N, 2), float32, with mean 0. The perplexity is 30, or (N - 1) / 3 of fewer points.</returns>
    /// <exception cref="ArgumentException">A feature is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Tensor Of(Tensor points, int seed = 0, IProgress<int>? progress = null, CancellationToken cancel = default) =>
        Of(points, seed, Parallelism.Threads, progress, cancel);

    internal static Tensor Of(
        Tensor points, int seed, int threads, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        using var scope = NewDisposeScope();
        if (!points.isfinite().all().item<bool>()) throw new ArgumentException("the points are not all finite");
        int count = (int)points.shape[0];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        var affinities = Affinities.Of(new PointCloud(points), Math.Clamp((count - 1) / 3.0, 1, Perplexity), parallel);
        float[][] places = Start(points, new Random(seed)), speeds = Zeros(), gains = Zeros(), pulls = Zeros(), pushes = Zeros();
        foreach (var gain in gains) Array.Fill(gain, 1);
        var weights = new double[count];
        double rate = Math.Max(200, count / Exaggeration);
        for (int step = 0; step < Steps; step++)
        {
            bool isExaggerated = step < Exaggerated;
            Parallel.For(0, count, parallel, i =>
            {
                (weights[i], pushes[0][i], pushes[1][i]) = Push(places, i);
                (pulls[0][i], pulls[1][i]) = affinities.Pull(places, i);
            });
            // Σ_k≠l w_kl, of whose rows float32 knows no more digits.
            double total = Math.Max(weights.Sum(), 1e-7 * count);
            for (int d = 0; d < 2; d++)
            {
                for (int i = 0; i < count; i++)
                {
                    double gradient = ((isExaggerated ? Exaggeration : 1) * pulls[d][i]) - (pushes[d][i] / total);
                    bool turns = gradient * speeds[d][i] > 0;                                         // it was moving uphill
                    gains[d][i] = (float)(turns ? Math.Max(gains[d][i] * 0.8, LeastGain) : gains[d][i] + 0.2);
                    speeds[d][i] = (float)(((isExaggerated ? 0.5 : 0.8) * speeds[d][i]) - (rate * gains[d][i] * gradient));
                    places[d][i] += speeds[d][i];
                }
                Center(places[d].AsSpan(0, count));
            }
            progress?.Report(step + 1);
        }
        return stack([.. places.Select(values => tensor(values[..count]))], 1).MoveToOuterDisposeScope();

        float[][] Zeros() => [new float[count], new float[count]];
    }

    // By coordinate, and padded to whole vectors with points so far away that they weigh nothing.
    private static float[][] Start(Tensor points, Random random)
    {
        const float away = 1e15f;
        var scores = Pca.Of(points, 2).Scores;                                                        // (N, 2)
        double scale = StartDeviation / Math.Max(scores[.., 0].std(unbiased: false).Number(), 1e-30);
        int count = (int)points.shape[0], padded = (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        float[][] places = [new float[padded], new float[padded]];
        for (int d = 0; d < 2; d++)
        {
            Array.Fill(places[d], away);
            foreach (var (i, score) in scores[.., d].contiguous().data<double>().Index())
            {
                double angle = 2 * Math.PI * random.NextDouble();
                double noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(angle);  // Gaussian
                places[d][i] = (float)((score * scale) + (Noise * noise));
            }
        }
        return places;
    }

    // Σ_j w_ij and Σ_j w_ij² (y_i - y_j), without i itself.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Weight, float X, float Y) Push(float[][] places, int i)
    {
        var (xs, ys) = (places[0], places[1]);
        Vector<float> x = new(xs[i]), y = new(ys[i]);
        Vector<float> sum = Vector<float>.Zero, right = sum, up = sum;
        for (int j = 0; j < xs.Length; j += Vector<float>.Count)
        {
            Vector<float> dx = x - new Vector<float>(xs, j), dy = y - new Vector<float>(ys, j);
            var weight = Vector<float>.One / Vector.FusedMultiplyAdd(dx, dx, Vector.FusedMultiplyAdd(dy, dy, Vector<float>.One));
            var squared = weight * weight;
            sum += weight;
            right = Vector.FusedMultiplyAdd(squared, dx, right);
            up = Vector.FusedMultiplyAdd(squared, dy, up);
        }
        return (Vector.Sum(sum) - 1.0, Vector.Sum(right), Vector.Sum(up));
    }

    private static void Center(Span<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += value;
        float mean = (float)(sum / values.Length);
        foreach (ref float value in values) value -= mean;
    }
}
