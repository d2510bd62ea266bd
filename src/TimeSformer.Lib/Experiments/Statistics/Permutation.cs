namespace TimeSformer.Experiments.Statistics;

/// <summary>Values with two labels, which may be exchanged among them if the labels mean nothing.</summary>
public sealed record Block(IReadOnlyList<double> First, IReadOnlyList<double> Second)
{
    /// <summary>All values.</summary>
    internal double[] All => [.. First, .. Second];

    /// <summary>In how many ways the labels can be given: a binomial coefficient.</summary>
    internal double Arrangements => Enumerable.Range(1, First.Count).Aggregate(1.0, (ways, k) => ways * (Second.Count + k) / k);

    /// <summary>The first values' sum less the others' for each way to give the labels.</summary>
    internal double[] Differences() => [.. DifferencesOf(All, First.Count)];

    private static IEnumerable<double> DifferencesOf(ArraySegment<double> values, int first) =>
        first < 0 || first > values.Count ? []
        : values.Count == 0 ? [0]
        : DifferencesOf(values[1..], first - 1).Select(rest => values[0] + rest)
            .Concat(DifferencesOf(values[1..], first).Select(rest => rest - values[0]));
}

/// <summary>Permutation tests: how often exchanged labels make a difference as large as the true ones do.</summary>
public static class Permutation
{
    private const int MostExact = 1 << 20, Draws = 100_000, Seed = 0;
    private const double Rounding = 1e-12;

    /// <summary>
    /// The two-sided p-value of the difference between the sums of first and second values. A block for each pair makes it the sign flips
    /// of paired differences; a block for each stratum, the stratified two-sample test. Exact if there are at most 2^20 ways to give the
    /// labels, else estimated from 100,000 of them, drawn with a fixed seed.
    /// </summary>
    public static double PValue(IReadOnlyCollection<Block> blocks)
    {
        double observed = Math.Abs(blocks.Sum(block => block.First.Sum() - block.Second.Sum()));
        double least = observed - (Rounding * blocks.Sum(block => block.All.Sum(Math.Abs)));
        if (Arrangements(blocks) > MostExact) return Drawn(blocks, least);
        double[] sums = [0];
        foreach (var block in blocks)
        {
            var own = block.Differences();
            sums = [.. sums.SelectMany(_ => own, (sum, difference) => sum + difference)];
        }
        return sums.Count(sum => Math.Abs(sum) >= least) / (double)sums.Length;
    }

    /// <summary>The smallest p-value that so many values can have: the observed labels and their opposite, among all.</summary>
    public static double LeastPValue(IReadOnlyCollection<Block> blocks) => Math.Min(1, 2 / Arrangements(blocks));

    private static double Arrangements(IEnumerable<Block> blocks) => blocks.Aggregate(1.0, (ways, block) => ways * block.Arrangements);

    // The observed labels count as one of the draws, so that no p-value is 0.
    private static double Drawn(IReadOnlyCollection<Block> blocks, double least)
    {
        var random = new Random(Seed);
        var pools = blocks.Select(block => (Values: block.All, First: block.First.Count)).ToArray();
        int extreme = 1;
        for (int draw = 0; draw < Draws; draw++)
        {
            double sum = 0;
            foreach (var (values, first) in pools)
            {
                random.Shuffle(values);
                for (int k = 0; k < values.Length; k++) sum += k < first ? values[k] : -values[k];
            }
            if (Math.Abs(sum) >= least) extreme++;
        }
        return extreme / (Draws + 1.0);
    }
}
