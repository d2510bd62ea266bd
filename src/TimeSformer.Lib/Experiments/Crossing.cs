namespace TimeSformer.Experiments;

/// <summary>From how many patches on one model costs less than another, by a cost study's measurements.</summary>
/// <param name="Patches">
/// N·T, interpolated between the measured sizes around it, in logarithms; the smallest measured if the model costs less at all; null if the
/// largest measured still costs more, or nothing is measured.
/// </param>
/// <param name="Least">Patches of the smallest clip measured of both; 0 for none.</param>
/// <param name="Most">Patches of the largest.</param>
public sealed record Crossing(double? Patches, long Least, long Most)
{
    /// <summary>Compares two models; clips that are measured of only one of them do not count.</summary>
    /// <param name="first">Results of the model that is the cheaper one for few patches.</param>
    /// <param name="second">Results of the model that may become so for many.</param>
    /// <param name="of">The cost; null if it was not measured.</param>
    public static Crossing Of(IEnumerable<CostResult> first, IEnumerable<CostResult> second, Func<CostResult, double?> of)
    {
        // Clips may have as many patches in fewer frames: their mean counts.
        var ratios = first.Join(second, Clip, Clip, (a, b) => (a.Patches, Log: of(a) / of(b) is { } ratio ? Math.Log(ratio) : double.NaN))
            .Where(point => !double.IsNaN(point.Log))
            .GroupBy(point => point.Patches, point => point.Log, (patches, logs) => (Patches: patches, Log: logs.Average()))
            .OrderBy(point => point.Patches).ToList();
        if (ratios.Count == 0) return new(null, 0, 0);
        var (least, most) = (ratios[0].Patches, ratios[^1].Patches);
        int last = ratios.FindLastIndex(point => point.Log <= 0);
        if (last < 0) return new(least, least, most);
        if (last == ratios.Count - 1) return new(null, least, most);
        var (below, above) = (ratios[last], ratios[last + 1]);
        double share = below.Log / (below.Log - above.Log);
        return new(below.Patches * Math.Pow((double)above.Patches / below.Patches, share), least, most);

        static string Clip(CostResult result) => result.Point.Values.Last();
    }

    /// <summary>In words.</summary>
    public override string ToString() => this switch
    {
        { Most: 0 } => "not measured",
        { Patches: null } => FormattableString.Invariant($"none measured, up to {Most} patches"),
        { Patches: { } patches } when patches <= Least => FormattableString.Invariant($"all measured, from {Least} patches on"),
        { Patches: { } patches } => FormattableString.Invariant($"from about {patches:0} patches on"),
    };
}
