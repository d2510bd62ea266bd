using Plotly.NET;
using TimeSformer.Costs;
using TimeSformer.Experiments;
using TimeSformer.Notebooks;
using TimeSformer.Training;

namespace TimeSformer.Tests.Notebooks;

/// <summary>A study with some of its results, as notebooks show it.</summary>
public sealed class StudyReportTests : FolderTests
{
    private const string Schemes = """
        title: A small study
        axes:
          - name: attention
            values: {space: {model.attention_type: space_only}, divided: {model.attention_type: divided_space_time}}
          - name: videos
            values: {motion: {data.procedural.family: motion}, appearance: {data.procedural.family: appearance}}
        paper:
          space: {K400: 76.9}
        scales:
          small:
            seeds: 2
            changes: {
              model.preset: tiny, data.procedural: {train_per_class: 1, val_per_class: 1}, data.sampling_rate: 2,
              training.epochs: 3, training.batch_size: 4, training.steps: [0], training.lrs: [1]}
        """;

    [Fact]
    public void The_table_has_the_papers_numbers_next_to_the_results_and_marks_missing_cells()
    {
        var table = Report(Schemes, run => run.Point["videos"] == "appearance" ? null : run.Seed == 0 ? 0.4 : 0.5).ToDataFrame();
        Assert.Equal(["attention", "motion", "appearance", "paper: K400"], table.Columns.Select(column => column.Name));
        Assert.Equal(["space", "45.0 ± 45.4", "-", "76.9"], table.Rows[0]);
        Assert.Equal(["divided", "45.0 ± 45.4", "-", "-"], table.Rows[1]);
    }

    [Fact]
    public void Claims_are_a_table_with_their_verdicts_effects_and_tests()
    {
        const string Claims = """
            claims:
              - {paper: section 4.1, says: Divided attention is better., predicate: divided - space >= 5 on motion}
              - {paper: section 4.2, says: Space attention is good., predicate: space >= 90 on appearance}

            """;
        var report = Report(Claims + Schemes, run => run.Point["attention"] == "space"
            ? run.Point["videos"] == "motion" ? 0.5 : null
            : 0.6 + (0.01 * run.Seed));
        var table = report.Claims();
        Assert.Equal(["claim", "paper", "predicate", "verdict", "effect", "P(better)", "p"], table.Columns.Select(column => column.Name));
        Assert.Equal(
            [
                "Divided attention is better.", "section 4.1", "divided - space >= 5 on motion", "supported", "+10.5 [+5.9, +15.1]", "1.00",
                "0.333",
            ],
            table.Rows[0]);
        Assert.Equal(["Space attention is good.", "section 4.2", "space >= 90 on appearance", "no results", "-", "-", "-"], table.Rows[1]);
        Assert.Equal(ClaimVerdict.Supported, report.Verdict("divided - space >= 5 on motion"));
        Assert.Throws<ArgumentException>(() => report.Verdict("divided > space"));
        Assert.EndsWith("with so few runs no p can be below 0.33", report.ClaimsNote, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_cells_are_bold()
    {
        var many = Schemes.Replace("seeds: 2", "seeds: 8", StringComparison.Ordinal);
        var table = Report(many, run => (run.Point["attention"] == "space" ? 0.3 : 0.6) + (0.01 * run.Seed)).ToDataFrame();
        Assert.Matches(@"^33\.5 ± \d\.\d$", $"{table["motion"][0]}");
        Assert.Matches(@"^\*\*63\.5 ± \d\.\d\*\*$", $"{table["motion"][1]}");
    }

    [Fact]
    public void A_figure_has_columns_with_intervals_for_each_row_next_to_the_papers()
    {
        var report = Report(Schemes, run => run.Seed == 0 ? 0.4 : 0.5);
        Assert.False(report.Table.IsSeries);
        Assert.Equal(3, GenericChart.countTrace(report.Figure()));
        var json = GenericChart.toFigureJson(report.Figure());
        string[] parts = ["paper: K400", "76.9", "error_y", "arrayminus", "45.84", "2 runs, interquartile mean 45.0"];
        Assert.All(parts, part => Assert.Contains(part, json, StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_that_begin_with_numbers_become_lines()
    {
        var sizes = Schemes.Replace("{space: {", "{16 pixels: {", StringComparison.Ordinal)
            .Replace(" divided: {", " 8 pixels: {", StringComparison.Ordinal)
            .Replace("space: {K400", "16 pixels: {K400", StringComparison.Ordinal);
        var report = Report(sizes, run => run.Point["attention"] == "8 pixels" && run.Point["videos"] == "motion" ? null : 0.5);
        Assert.True(report.Table.IsSeries);
        Assert.Equal(2, GenericChart.countTrace(report.Figure()));
    }

    [Fact]
    public void Learning_curves_are_those_of_seed_0_at_the_given_values()
    {
        var report = Report(Schemes, _ => 0.5);
        Assert.Equal(4, GenericChart.countTrace(report.LearningCurves()));
        Assert.Equal(2, GenericChart.countTrace(report.LearningCurves("motion")));
        Assert.Contains("\"divided\"", GenericChart.toFigureJson(report.LearningCurves("motion")), StringComparison.Ordinal);
        Assert.Equal((50, double.NaN), (report.Percent("space", "motion"), report.Percent("space", "nothing")));
        Assert.Equal(0, report.Run("divided", "motion").Seed);
        Assert.Throws<ArgumentException>(() => report.Run("axial"));
    }

    [Fact]
    public void Costs_are_columns_for_each_scheme_composed_and_fused_with_clips_ordered_by_patches()
    {
        static CostResult Cost(string attention, string clip, long patches) => new(
            "cost", "small", new Dictionary<string, string> { ["attention"] = attention, ["clip"] = clip }, "", 1, patches, 1, 1,
            0.5, 1, 1, 1, 1, "", Provenance.Now("cpu"));
        var fused = Cost("divided", "8 x 64", 512) with { Computation = Computation.FusedSteps };
        var figure = StudyFigure.Costs([Cost("joint", "8 x 64", 512), Cost("joint", "2 x 32", 32), Cost("divided", "8 x 64", 512), fused]);
        Assert.Equal(3, GenericChart.countTrace(figure));
        var json = GenericChart.toFigureJson(figure).Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings("");
        Assert.Contains("[\"2x32\",\"8x64\"]", json, StringComparison.Ordinal);
    }

    private StudyReport Report(string yaml, Func<StudyRun, double?> top1)
    {
        var study = Study.Load(folder.Write("study.yaml", yaml));
        foreach (var run in study.Runs("small"))
        {
            if (top1(run) is not { } value) continue;
            var epochs = Enumerable.Range(0, 3).Select(epoch => new EpochResult(epoch, 1, value, 1, 1)).ToList();
            var result = new RunResult(
                "study", "small", run.Point, run.Seed, run.Hash, value, 1, 1, 1, 1, run.Source, epochs, Provenance.Now("cpu"));
            result.Write(Path.Combine(folder.Path, "results", "small", "study", $"{run.Name}.json"));
        }
        return new("study", experiments: folder.Path);
    }
}
