namespace TimeSformer.Experiments.Statistics;

/// <summary>Confidence intervals by resampling.</summary>
public static class Bootstrap
{
    private const int Draws = 10_000, Seed = 0;
    private const double Level = 0.95, NormalCritical = 1.959963984540054;

    /// <summary>
    /// The 95 % confidence interval of the mean of scores; null if no stratum has two. It is the stratified percentile bootstrap (Agarwal
    /// et al., 2021): runs are drawn with replacement within each stratum, 10,000 times, with a fixed seed. Of R runs in S strata it is
    /// then stretched about the mean by √(R / (R − S)) · t / z, since for few runs percentiles are too narrow (Hesterberg, 2015): draws
    /// vary as if the variance had been divided by R instead of R − S, and as if it were known.
    /// </summary>
    /// <remarks>
    /// It says how the mean would vary with other seeds. It does not cover other videos, other people in them, or other ways to split them
    /// into folds. Three runs of one stratum are few: the interval then hangs on their lowest and highest.
    /// </remarks>
    public static Interval? OfMean(IReadOnlyCollection<Score> scores)
    {
        var strata = scores.GroupBy(score => score.Stratum, (_, group) => group.ToArray()).ToArray();
        int freedom = scores.Count - strata.Length;
        if (freedom == 0) return null;
        var random = new Random(Seed);
        var drawn = new Score[scores.Count];
        var means = new double[Draws];
        for (int draw = 0; draw < Draws; draw++)
        {
            int count = 0;
            foreach (var stratum in strata)
            {
                foreach (var _ in stratum) drawn[count++] = stratum[random.Next(stratum.Length)];
            }
            means[draw] = drawn.Mean();
        }
        Array.Sort(means);
        int outside = (int)Math.Round(Draws * (1 - Level) / 2);
        double stretch = Math.Sqrt((double)scores.Count / freedom) * StudentT.Critical(Level, freedom) / NormalCritical;
        double mean = scores.Mean();
        return new(mean - (stretch * (mean - means[outside])), mean + (stretch * (means[^(outside + 1)] - mean)));
    }
}
