namespace TimeSformer.Experiments.Statistics;

/// <summary>What one run measured.</summary>
/// <param name="Stratum">What the run shares with others but for their seeds: its fold.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Value">The number measured, such as accuracy@1 from 0 to 1.</param>
/// <param name="Weight">Its weight in means, such as the number of videos.</param>
public readonly record struct Score(string Stratum, int Seed, double Value, double Weight = 1);

/// <summary>A range of numbers, both ends included.</summary>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Half of its width.</summary>
    public double HalfWidth => (High - Low) / 2;
}

/// <summary>Averages of scores.</summary>
public static class ScoreAverages
{
    /// <summary>The weighted mean.</summary>
    public static double Mean(this IEnumerable<Score> scores)
    {
        double sum = 0, weights = 0;
        foreach (var score in scores)
        {
            sum += score.Weight * score.Value;
            weights += score.Weight;
        }
        return sum / weights;
    }

    /// <summary>
    /// The mean of the middle half of the scores, by weight: the lowest and the highest quarter do not count, and a score on the border
    /// counts with the part of its weight that is inside (Agarwal et al., 2021, recommend it for few runs, as outliers move it little).
    /// </summary>
    public static double InterquartileMean(this IReadOnlyCollection<Score> scores)
    {
        double quarter = scores.Sum(score => score.Weight) / 4, below = 0, sum = 0;
        foreach (var score in scores.OrderBy(score => score.Value))
        {
            double above = below + score.Weight;
            sum += score.Value * Math.Max(0, Math.Min(above, 3 * quarter) - Math.Max(below, quarter));
            below = above;
        }
        return sum / (2 * quarter);
    }
}
