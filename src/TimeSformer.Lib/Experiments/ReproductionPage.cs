using System.Globalization;
using System.Text;
using TimeSformer.Training;

namespace TimeSformer.Experiments;

/// <summary>
/// The page that sets the paper's numbers beside ours, study by study: what was kept, what was simplified, by which command, in how many
/// hours. All of it comes from the studies and their results.
/// </summary>
public static class ReproductionPage
{
    private const string Introduction = """
        # Reproduction

        The paper is "Is Space-Time Attention All You Need for Video Understanding?" (arXiv 2102.05095). Its numbers stand beside ours,
        table by table. Ours come from the files in `results/`; `./timesformer reproduce --page` writes this page from them. Nothing was
        run at the paper's own scale: what the models, the videos and the training have in common with the paper's, and what not, is
        said each time. Cells are accuracy@1 in percent with half the width of their 95 % intervals; a dash stands for a
        number that the paper does not give, or that is not measured yet.
        """;

    /// <summary>The page as Markdown.</summary>
    /// <param name="experiments">The folder of studies, with their <c>results</c>.</param>
    /// <exception cref="RecipeException">A study is wrong.</exception>
    public static string Of(string experiments)
    {
        var page = new StringBuilder(Introduction);
        page.Append('\n');
        var studies = Study.FilesIn(experiments).Select(Study.Load).Where(study => study.Measures is Measure.Accuracy)
            .OrderBy(study => study.Order).ThenBy(study => study.Name, StringComparer.Ordinal);
        foreach (var study in studies) Add(page, study, Path.Combine(experiments, "results"));
        return page.ToString();
    }

    private static void Add(StringBuilder page, Study study, string results)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {study.Title}\n\n{study.Text.Trim()}\n");
        if (study.Kept.Length > 0) page.Append(CultureInfo.InvariantCulture, $"\nKept from the paper: {study.Kept.Trim()}\n");
        var done = study.Scales.Keys
            .Select(scale => (Scale: scale, Runner: new StudyRunner(study, scale, results), Runs: study.Runs(scale)))
            .Select(size => (size.Scale, size.Runs, Results: size.Runs.Select(size.Runner.Find).OfType<RunResult>().ToList(), size.Runner))
            .Where(size => size.Results.Count > 0)
            .ToList();
        if (done.Count == 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"\nNot run yet: {Commands(study.Scales.Keys)}\n");
            return;
        }
        foreach (var (scale, runs, all, runner) in done)
        {
            var table = StudyTable.Of(runs, runner.Find);
            page.Append('\n').Append(Markdown(study, table));
            var claims = string.Concat(Claims(ClaimResult.Of(study, table)));
            if (claims.Length > 0) page.Append('\n').Append(claims);
            double hours = all.Sum(result => result.TrainingSeconds) / 3600;
            var simplified = study.Scales[scale].Simplified.Trim();
            page.Append(CultureInfo.InvariantCulture, $"\n{(simplified.Length > 0 ? $"Simplified: {simplified} " : "")}");
            page.Append(CultureInfo.InvariantCulture, $"{Commands([scale])} {all.Count} of {runs.Count} runs, {hours:0.0} hours in all, ");
            page.Append(CultureInfo.InvariantCulture, $"{Provenance.Made(all.Select(result => result.Provenance))}.\n");
        }

        string Commands(IEnumerable<string> scales) =>
            string.Join(", ", scales.Select(scale => $"`./timesformer reproduce {study.Name} --scale {scale}`")) + ".";
    }

    private static IEnumerable<string> Claims(IReadOnlyList<ClaimResult> claims) =>
        from result in claims
        where result.Effect is not null
        select $"- **{result.VerdictText}**: {result.Claim.Says} ({result.Claim.Paper}) `{result.Predicate}`: {result.EffectText}\n";

    private static string Markdown(Study study, StudyTable table)
    {
        var (paper, costs) = (study.PaperColumns, CostColumns.Of(study, table));
        List<IEnumerable<string>> lines =
        [
            [
                table.RowAxis, .. paper.Select(column => $"paper: {column}"), .. table.Columns.Select(column => $"ours: {column}"),
                .. costs.Select(column => column.Title),
            ],
            Enumerable.Repeat("---", 1 + paper.Count + table.Columns.Count + costs.Count),
            .. table.Rows.Select(row => paper.Select(column => study.PaperText(row, column)).Prepend(row).Concat(
                table.Columns.Select(column => table.Text(row, column))).Concat(costs.Select(column => column.Text(row)))),
        ];
        return string.Concat(lines.Select(line => $"| {string.Join(" | ", line)} |\n"));
    }
}
