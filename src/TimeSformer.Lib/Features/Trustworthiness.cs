using static TorchSharp.torch;

namespace TimeSformer.Features;

/// <summary>How far the neighbors that a picture shows are neighbors in truth.</summary>
public static class Trustworthiness
{
    /// <summary>
    /// Of points and their places in a picture: 1 - 2 / (N K (2N - 3K - 1)) Σ_i Σ_{j ∈ U(i)} (r(i, j) - K), where U(i) are the points
    /// among the K nearest to i in the picture, but not in truth, and r(i, j) is the rank of j by its true distance from i (Venna and
    /// Kaski, "Neighborhood Preservation in Nonlinear Projection Methods", 2001).
    /// </summary>
    /// <param name="points">(N, F).</param>
    /// <param name="places">(N, 2), or of another width.</param>
    /// <param name="neighbors">K, from 1 to less than N / 2.</param>
    /// <returns>0 to 1, where 1 is best.</returns>
    /// <exception cref="ArgumentException">The number of rows differs, or that of neighbors is outside its range.</exception>
    public static double Of(Tensor points, Tensor places, int neighbors = 5)
    {
        if (points.shape[0] != places.shape[0]) throw new ArgumentException($"{places.shape[0]} places for {points.shape[0]} points");
        long count = points.shape[0];
        if (neighbors < 1 || 2L * neighbors >= count)
        {
            throw new ArgumentException($"{neighbors} neighbors of {count} points; they must be from 1 to less than half");
        }
        PointCloud truth = new(points), picture = new(places);
        var intruders = new long[count];
        Parallel.For(0, (int)count, i =>
        {
            var distances = new float[count - 1];
            var shown = picture.Neighbors(i, distances).AsSpan(0, neighbors);
            var ranks = new int[count];
            foreach (var (rank, j) in truth.Neighbors(i, distances).Index()) ranks[j] = rank + 1;
            foreach (int j in shown) intruders[i] += Math.Max(0, ranks[j] - neighbors);
        });
        return 1 - (2.0 * intruders.Sum() / (count * neighbors * ((2 * count) - (3L * neighbors) - 1)));
    }
}
