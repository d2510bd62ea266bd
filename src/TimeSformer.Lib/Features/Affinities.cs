namespace TimeSformer.Features;

/// <summary>The p_ij of <see cref="TSne"/>, sparse: row i has the points Others[Starts[i]..Starts[i + 1]] and their Values.</summary>
internal sealed record Affinities(int[] Starts, int[] Others, float[] Values)
{
    private const int Halvings = 60;
    private const double Least = 1e-12; // smaller ones do nothing

    /// <summary>Affinities of points to their nearest neighbors.</summary>
    public static Affinities Of(PointCloud points, double perplexity, ParallelOptions parallel)
    {
        int count = points.Count, kept = Math.Min(count - 1, (int)(3 * perplexity));
        var (neighbors, conditional) = (new int[count][], new double[count][]);
        Parallel.For(0, count, parallel, i =>
        {
            var distances = new float[count - 1];
            neighbors[i] = points.Neighbors(i, distances)[..kept];
            conditional[i] = Conditional(distances.AsSpan(0, kept), Math.Log(perplexity));
        });
        List<(int Other, double Value)>[] rows = [.. Enumerable.Range(0, count).Select(_ => new List<(int, double)>(2 * kept))];
        for (int i = 0; i < count; i++)
        {
            foreach (var (j, p) in neighbors[i].Zip(conditional[i]))
            {
                rows[i].Add((j, p));
                rows[j].Add((i, p));
            }
        }
        var (starts, others, values) = (new List<int> { 0 }, new List<int>(), new List<float>());
        foreach (var row in rows)
        {
            // Points that are neighbors of each other occur twice.
            foreach (var pair in row.GroupBy(entry => entry.Other, entry => entry.Value).OrderBy(pair => pair.Key))
            {
                double value = pair.Sum() / (2 * count);
                if (value < Least) continue;
                others.Add(pair.Key);
                values.Add((float)value);
            }
            starts.Add(others.Count);
        }
        return new([.. starts], [.. others], [.. values]);
    }

    /// <summary>Σ_j p_ij w_ij (y_i - y_j).</summary>
    /// <param name="places">The y, by coordinate.</param>
    /// <param name="i">The point.</param>
    public (float X, float Y) Pull(float[][] places, int i)
    {
        var (xs, ys) = (places[0], places[1]);
        float x = 0, y = 0;
        for (int k = Starts[i]; k < Starts[i + 1]; k++)
        {
            int j = Others[k];
            float dx = xs[i] - xs[j], dy = ys[i] - ys[j];
            float weight = Values[k] / (1 + (dx * dx) + (dy * dy));
            x += weight * dx;
            y += weight * dy;
        }
        return (x, y);
    }

    // p_·|i of the given entropy, by bisection of the logarithm of β. Distances count from the nearest, which changes nothing but what
    // could underflow, and in units of their mean.
    private static double[] Conditional(ReadOnlySpan<float> squared, double entropy)
    {
        double mean = 0;
        foreach (float distance in squared) mean += (double)(distance - squared[0]) / squared.Length;
        var shares = new double[squared.Length];
        double low = -20, high = 40;
        for (int halving = 0; halving < Halvings; halving++)
        {
            double beta = Math.Exp((low + high) / 2), sum = 0, weighted = 0;
            for (int k = 0; k < shares.Length; k++)
            {
                double distance = (squared[k] - squared[0]) / Math.Max(mean, 1e-300);
                shares[k] = Math.Exp(-beta * distance);
                sum += shares[k];
                weighted += shares[k] * distance;
            }
            if (Math.Log(sum) + (beta * weighted / sum) > entropy) low = (low + high) / 2;
            else high = (low + high) / 2;
            for (int k = 0; k < shares.Length; k++) shares[k] /= sum;
        }
        return shares;
    }
}
