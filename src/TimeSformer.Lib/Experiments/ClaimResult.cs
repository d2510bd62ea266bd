using System.Globalization;
using TimeSformer.Experiments.Statistics;

namespace TimeSformer.Experiments;

/// <summary>What results say of a claim.</summary>
public enum ClaimVerdict
{
    /// <summary>The 95 % interval lies within what the predicate allows.</summary>
    Supported,

    /// <summary>The 95 % interval lies wholly outside.</summary>
    Contradicted,

    /// <summary>Neither, or there are too few runs for an interval.</summary>
    Undecided,

    /// <summary>A point that the claim is about has no results.</summary>
    NoResults,
}

/// <summary>A claim, tested by the results of a study at one size.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Predicate">What it says of this size's table.</param>
/// <param name="Verdict">The verdict, by the interval alone.</param>
/// <param name="Effect">The accuracy or the mean difference of pairs, as a fraction; null without results.</param>
/// <param name="Interval">Its 95 % interval (<see cref="Bootstrap.OfMean"/>); null for too few runs.</param>
/// <param name="Improvement">
/// The probability that a run of the first point is better than one of the second (<see cref="Comparison.Improvement"/>); null if there
/// is one point.
/// </param>
/// <param name="PValue">
/// Two-sided, after Holm's correction over the claims of the table: of the hypothesis that the effect is at the border of what the
/// predicate allows, the larger one for two borders. It is small both for what is supported and for what is contradicted.
/// </param>
/// <param name="LeastPValue">The smallest p-value that so many runs can have, uncorrected.</param>
public sealed record ClaimResult(
    Claim Claim, ClaimPredicate Predicate, ClaimVerdict Verdict, double? Effect, Interval? Interval, double? Improvement, double? PValue,
    double? LeastPValue)
{
    /// <summary>Tests those claims of a study that its table at one size has the rows and columns for.</summary>
    public static IReadOnlyList<ClaimResult> Of(Study study, StudyTable table)
    {
        var results = (from claim in study.Claims
                       let predicate = ClaimPredicate.Parse(claim.Predicate).For(table)
                       where predicate is not null
                       select Of(claim, predicate, table)).ToList();
        var adjusted = new Queue<double>(Holm.Adjust([.. results.Select(result => result.PValue).OfType<double>()]));
        return [.. results.Select(result => result.PValue is null ? result : result with { PValue = adjusted.Dequeue() })];
    }

    /// <summary>The titles of a table of claims.</summary>
    public static IReadOnlyList<string> Titles { get; } = ["claim", "paper", "predicate", "verdict", "effect", "P(better)", "p"];

    /// <summary>The result's row in that table; the effect is in points, with its interval.</summary>
    public IReadOnlyList<string> Row =>
    [
        Claim.Says, Claim.Paper, $"{Predicate}", VerdictText, EffectText, Text(Improvement, "0.00"),
        PValue < 0.001 ? "< 0.001" : Text(PValue, "0.000"),
    ];

    /// <summary>The verdict in words.</summary>
    public string VerdictText => Verdict is ClaimVerdict.NoResults ? "no results" : $"{Verdict}".ToLowerInvariant();

    /// <summary>The effect in points, with its interval; "-" without results.</summary>
    public string EffectText
    {
        get
        {
            var sign = Improvement is null ? "0.0" : "+0.0;-0.0;0.0";
            return Text(100 * Effect, sign)
                + (Interval is { } ends ? $" [{Text(100 * ends.Low, sign)}, {Text(100 * ends.High, sign)}]" : "");
        }
    }

    /// <summary>What stands under a table of claims.</summary>
    public static string Note(IReadOnlyList<ClaimResult> results)
    {
        var least = results.Select(result => result.LeastPValue).OfType<double>().ToList();
        return least.Count == 0 ? "no results" : "effect: points of accuracy@1 with the 95 % interval, which decides the verdict; "
            + "P(better): probability of improvement; p: permutation test of an effect at the border of what the predicate allows, after "
            + $"Holm's correction over {least.Count} claims"
            + (least.Min() < 0.05 ? "" : FormattableString.Invariant($"; with so few runs no p can be below {least.Min():0.00}"));
    }

    private static string Text(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private static ClaimResult Of(Claim claim, ClaimPredicate predicate, StudyTable table)
    {
        var scores = Scores(predicate.FirstCell);
        var comparison = predicate.SecondCell is { } second ? Comparison.Of(scores, Scores(second)) : null;
        if (predicate.SecondCell is not null) scores = comparison?.Differences ?? [];
        if (scores.Count == 0) return new(claim, predicate, ClaimVerdict.NoResults, null, null, null, null, null);
        var interval = Bootstrap.OfMean(scores);
        var borders = new[] { predicate.Least, predicate.Most }.Where(double.IsFinite);
        return new(
            claim, predicate, VerdictOf(predicate, interval), scores.Mean(), interval, comparison?.Improvement,
            borders.Max(border => comparison?.PValue(border) ?? Permutation.PValue(Flips(border))),
            comparison?.LeastPValue ?? Permutation.LeastPValue(Flips(0)));

        IReadOnlyList<Score> Scores((string, string) place) => table.Cells.GetValueOrDefault(place)?.Scores ?? [];

        Block[] Flips(double border) => [.. scores.Select(score => new Block([score.Weight * (score.Value - border)], [0]))];
    }

    private static ClaimVerdict VerdictOf(ClaimPredicate predicate, Interval? interval)
    {
        return interval switch
        {
            { Low: var low, High: var high } when IsEnough(low) && high <= predicate.Most => ClaimVerdict.Supported,
            { Low: var low, High: var high } when !IsEnough(high) || low > predicate.Most => ClaimVerdict.Contradicted,
            _ => ClaimVerdict.Undecided,
        };

        bool IsEnough(double value) => predicate.IsStrict ? value > predicate.Least : value >= predicate.Least;
    }
}
