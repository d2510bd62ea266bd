namespace TimeSformer.Experiments;

/// <summary>
/// Something that the paper says, as a predicate about a study's table that its results support, contradict, or leave undecided.
/// </summary>
public sealed record Claim
{
    /// <summary>The place in the paper.</summary>
    public string Paper { get; init; } = "";

    /// <summary>The claim in words.</summary>
    public string Says { get; init; } = "";

    /// <summary>
    /// <c>A > B on COLUMN</c>, <c>A - B >= N on COLUMN</c>, <c>A >= N on COLUMN</c> or <c>no difference between A and B on COLUMN</c>,
    /// which allows 5 points or, with <c>within N</c> before <c>on</c>, N. A and B are rows of the table, N is in points of accuracy@1.
    /// With <c>for ROW</c> in place of <c>on COLUMN</c>, A and B are columns. Without either, the column is <c>accuracy@1</c>, or the only
    /// one. Where a size of the study has other names, both are given: <c>on motion or SSv2</c>.
    /// </summary>
    public string Predicate { get; init; } = "";
}
