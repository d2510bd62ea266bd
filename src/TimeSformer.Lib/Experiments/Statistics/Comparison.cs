namespace TimeSformer.Experiments.Statistics;

/// <summary>Two points of a study, compared over the runs that both have: pairs of the same stratum and seed.</summary>
public sealed class Comparison
{
    private const int LeastPairs = 6;

    private readonly List<(Score First, Score Second)> pairs;

    private Comparison(List<(Score First, Score Second)> pairs) => this.pairs = pairs;

    /// <summary>The difference, first minus second, of each pair; it has the mean weight of both.</summary>
    public IReadOnlyList<Score> Differences => [.. pairs.Select(pair => pair.First with
    {
        Value = pair.First.Value - pair.Second.Value, Weight = WeightOf(pair),
    })];

    /// <summary>
    /// The probability of improvement: that a run of the first point is better than one of the second, ties counting half; the mean over
    /// strata of Mann and Whitney's U over the number of all pairings (Agarwal et al., 2021). 0 to 1.
    /// </summary>
    public double Improvement => pairs.GroupBy(pair => pair.First.Stratum).Average(stratum =>
        stratum.Average(one => stratum.Average(other => 0.5 * (1 + Math.Sign(one.First.Value - other.Second.Value)))));

    /// <summary>The smallest value that <see cref="PValue"/> can have with so many pairs.</summary>
    public double LeastPValue => Permutation.LeastPValue(Blocks(0));

    /// <summary>Compares two points; null if no pair is common to both.</summary>
    public static Comparison? Of(IEnumerable<Score> first, IEnumerable<Score> second)
    {
        var pairs = first.Join(second, Key, Key, (one, other) => (one, other)).ToList();
        return pairs.Count > 0 ? new(pairs) : null;

        static (string Stratum, int Seed) Key(Score score) => (score.Stratum, score.Seed);
    }

    /// <summary>
    /// The two-sided p-value of the hypothesis that the mean difference is a given one, by permutation: within each of six pairs or more,
    /// first and second change places (the paired differences' signs flip). Fewer pairs have too few signs for a p-value of 0.05; then the
    /// labels are permuted among all runs of a stratum, as if they were not paired. With five pairs in five strata, or three in one, no
    /// p-value is below 0.05 either way.
    /// </summary>
    /// <remarks>It asks whether the difference holds for other seeds on these videos; other videos may have another one.</remarks>
    public double PValue(double difference = 0) => Permutation.PValue(Blocks(difference));

    private IReadOnlyList<Block> Blocks(double difference) => pairs.Count >= LeastPairs
        ? [.. pairs.Select(pair => BlockOf([pair], difference))]
        : [.. pairs.GroupBy(pair => pair.First.Stratum, (_, stratum) => BlockOf([.. stratum], difference))];

    private static Block BlockOf(List<(Score First, Score Second)> pairs, double difference) => new(
        [.. pairs.Select(pair => WeightOf(pair) * (pair.First.Value - difference))],
        [.. pairs.Select(pair => WeightOf(pair) * pair.Second.Value)]);

    private static double WeightOf((Score First, Score Second) pair) => (pair.First.Weight + pair.Second.Weight) / 2;
}
