namespace TimeSformer.Experiments.Statistics;

/// <summary>Holm's correction for several tests (Scandinavian Journal of Statistics 6, 1979).</summary>
public static class Holm
{
    /// <summary>
    /// The p-values, adjusted so that with those below 0.05 taken for effects, the probability of any false one is below 0.05: the k-th
    /// smallest of n is multiplied by n − k + 1, and none is smaller than one before it. In the order given.
    /// </summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        double least = 0;
        foreach (var (rank, (index, p)) in pValues.Index().OrderBy(entry => entry.Item).Index())
        {
            adjusted[index] = least = Math.Max(least, Math.Min(1, (pValues.Count - rank) * p));
        }
        return adjusted;
    }
}
