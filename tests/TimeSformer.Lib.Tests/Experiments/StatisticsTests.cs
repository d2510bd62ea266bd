using TimeSformer.Experiments.Statistics;

namespace TimeSformer.Tests.Experiments;

/// <summary>Statistics of runs against worked examples.</summary>
public sealed class StatisticsTests
{
    // Darwin's maize, heights in inches of crossed and self-fertilized plants (Fisher, The Design of Experiments, 1935, section 17).
    private static readonly double[] crossed = [
        23.5, 12, 21, 22, 19.125, 21.5, 22.125, 20.375, 18.25, 21.625, 23.25, 21, 22.125, 23, 12];

    private static readonly double[] selfed = [
        17.375, 20.375, 20, 20, 18.375, 18.625, 18.625, 15.25, 16.5, 18, 16.25, 18, 12.75, 15.5, 18];

    private static Score[] Scores(params double[] values) => [.. values.Select((value, seed) => new Score("", seed, value))];

    [Fact]
    public void Fishers_test_of_Darwins_maize_finds_1726_of_32768_sign_flips_as_extreme()
    {
        var maize = Comparison.Of(Scores(crossed), Scores(selfed))!;
        Assert.Equal(314 / 8.0 / 15, maize.Differences.Mean(), 12);
        Assert.Equal(1726 / 32768.0, maize.PValue(), 12);
        Assert.Equal(2 / 32768.0, maize.LeastPValue, 12);
    }

    [Fact]
    public void Of_more_than_2_to_the_20_flips_100_000_are_drawn()
    {
        var maize = crossed.Zip(selfed, (first, second) => new Block([first], [second]));
        double drawn = Permutation.PValue([.. maize, .. Enumerable.Repeat(new Block([0], [0]), 6)]);   // six pairs that change nothing
        Assert.NotEqual(1726 / 32768.0, drawn);
        Assert.Equal(1726 / 32768.0, drawn, 0.003);                                                    // four standard errors
    }

    [Fact]
    public void Fewer_than_six_pairs_are_compared_as_two_samples_within_each_stratum()
    {
        // Cell cultures with and without vitamin E (Good, Permutation Tests, 2000, section 1.2): one of 20 relabelings, and its opposite.
        Assert.Equal(2 / 20.0, Comparison.Of(Scores(121, 118, 110), Scores(34, 12, 22))!.PValue(), 12);

        Score[] two = [new("a", 0, 3), new("a", 1, 4), new("b", 0, 13), new("b", 1, 14)];
        var folds = Comparison.Of(two, two.Select(score => score with { Value = score.Value - 2 }))!;
        Assert.Equal(2 / 36.0, folds.PValue(), 12);
        Assert.Equal(1, folds.PValue(2), 12);
    }

    [Fact]
    public void Pairs_share_stratum_and_seed_and_what_has_no_partner_does_not_count()
    {
        Score[] first = [new("a", 0, 0.5), new("b", 0, 0.7), new("b", 1, 0.9)], second = [new("b", 1, 0.4), new("a", 0, 0.2)];
        Assert.Equal([("a", 0.3), ("b", 0.5)], Comparison.Of(first, second)!.Differences.Select(d => (d.Stratum, Math.Round(d.Value, 12))));
        Assert.Null(Comparison.Of(first, [new("c", 0, 1)]));
    }

    [Fact]
    public void The_probability_of_improvement_is_Mann_and_Whitneys_U_over_all_pairings()
    {
        // Aesop's race: tortoises come in at places 1 and 7 to 11, hares at 2 to 6 and 12; the tortoises' U is 11.
        double[] tortoises = [-1, -7, -8, -9, -10, -11], hares = [-2, -3, -4, -5, -6, -12];
        Assert.Equal(11 / 36.0, Comparison.Of(Scores(tortoises), Scores(hares))!.Improvement, 12);
        Assert.Equal(25 / 36.0, Comparison.Of(Scores(hares), Scores(tortoises))!.Improvement, 12);
        Assert.Equal(0.5, Comparison.Of(Scores(hares), Scores(hares))!.Improvement, 12);

        Score[] better = [new("a", 0, 1), new("b", 0, 10)], worse = [new("a", 0, 0), new("b", 0, 10)];
        Assert.Equal((1 + 0.5) / 2, Comparison.Of(better, worse)!.Improvement, 12);
    }

    [Theory]
    [InlineData(6.5, new double[] { 5, 8, 4, 38, 8, 6, 9, 7, 7, 3, 1, 6 })]
    [InlineData(9, new double[] { 1, 3, 5, 7, 9, 11, 13, 15, 17 })]
    [InlineData(0.4, new double[] { 0.4 })]
    public void The_interquartile_mean_is_that_of_the_middle_half(double expected, double[] values) =>
        Assert.Equal(expected, Scores(values).InterquartileMean(), 12);

    [Fact]
    public void A_score_with_weight_2_counts_as_two()
    {
        Score[] heavy = [new("", 0, 1), new("", 1, 4, 2), new("", 2, 9)];
        Assert.Equal(Scores(1, 4, 4, 9).Mean(), heavy.Mean(), 12);
        Assert.Equal(Scores(1, 4, 4, 9).InterquartileMean(), heavy.InterquartileMean(), 12);
    }

    [Fact]
    public void Holms_correction_multiplies_the_smallest_of_n_by_n_and_never_falls()
    {
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjust([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));
        Assert.Equal([1, 1], Holm.Adjust([0.6, 0.9]));
        Assert.Empty(Holm.Adjust([]));
    }

    [Theory]
    [InlineData(0.95, 1, 12.706)]
    [InlineData(0.95, 2, 4.303)]
    [InlineData(0.95, 3, 3.182)]
    [InlineData(0.95, 10, 2.228)]
    [InlineData(0.95, 120, 1.980)]
    [InlineData(0.90, 9, 1.833)]
    public void Students_t_is_the_one_of_printed_tables(double probability, int freedom, double expected) =>
        Assert.Equal(expected, StudentT.Critical(probability, freedom), 3);

    [Fact]
    public void The_interval_of_constant_scores_has_no_width_and_single_runs_have_none()
    {
        var interval = Bootstrap.OfMean(Scores(0.3, 0.3, 0.3))!.Value;
        Assert.Equal((0.3, 0), (Math.Round(interval.Low, 12), Math.Round(interval.HalfWidth, 12)));
        Assert.Null(Bootstrap.OfMean([new("a", 0, 0.3), new("b", 0, 0.4)]));
        Assert.Null(Bootstrap.OfMean([]));
    }

    [Fact]
    public void What_differs_between_strata_alone_does_not_widen_the_interval()
    {
        Score[] folds = [new("a", 0, 0.2), new("a", 1, 0.2), new("b", 0, 0.9), new("b", 1, 0.9)];
        Assert.Equal(0, Bootstrap.OfMean(folds)!.Value.HalfWidth, 12);
    }

    [Fact]
    public void The_interval_moves_and_grows_with_the_scores_and_is_the_same_each_time() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>().Filter(seed => seed > 0), seed =>
        {
            var random = new Random(seed);
            Score[] scores = [.. Enumerable.Range(0, 6).Select(k => new Score($"{k % 2}", k / 2, random.NextDouble(), 1 + random.Next(9)))];
            var interval = Bootstrap.OfMean(scores)!.Value;
            var moved = Bootstrap.OfMean([.. scores.Select(score => score with { Value = 5 + (2 * score.Value) })])!.Value;
            return interval == Bootstrap.OfMean(scores)
                && interval.Low <= scores.Mean() && scores.Mean() <= interval.High
                && Math.Abs(moved.Low - 5 - (2 * interval.Low)) < 1e-9 && Math.Abs(moved.High - 5 - (2 * interval.High)) < 1e-9;
        }).QuickCheckThrowOnFailure();

    // 400 simulated studies: 95 % is met within four standard errors; the percentiles themselves would meet 75 % with three runs.
    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 10)]
    [InlineData(5, 3)]
    public void The_interval_covers_the_true_mean_of_95_in_100_studies(int strata, int runs)
    {
        const int Studies = 400;
        var random = new Random(1);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        int covered = Enumerable.Range(0, Studies).Count(_ =>
        {
            var scores = from stratum in Enumerable.Range(0, strata)
                         from seed in Enumerable.Range(0, runs)
                         select new Score($"{stratum}", seed, stratum + Normal());
            var interval = Bootstrap.OfMean([.. scores])!.Value;
            double truth = (strata - 1) / 2.0;
            return interval.Low <= truth && truth <= interval.High;
        });
        Assert.Equal(0.95, covered / (double)Studies, 0.044);
    }
}
