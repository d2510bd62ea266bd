using TimeSformer.Experiments;

namespace TimeSformer.Tests.Experiments;

/// <summary>Claims of the paper, tested by results; and which cells of a table may be bold.</summary>
public sealed class ClaimTests : FolderTests
{
    private const string Yaml = """
        axes:
          - name: attention
            values: {space: {model.attention_type: space_only}, divided: {}, axial: {model.attention_type: axial}}
          - name: videos
            values: {motion: {data.procedural.family: motion}, appearance: {data.procedural.family: appearance}}
        scales:
          small: {seeds: 8, changes: {data.procedural: {train_per_class: 1}}}
          paper:
            changes: {data.procedural: {train_per_class: 1}}
            axes: [{name: videos, values: {SSv2: {}}}]
        """;

    private static readonly double[] spread = [-0.03, 0.02, -0.01, 0.01, -0.02, 0.03, 0.02, -0.02];

    [Theory]
    [InlineData("divided > space on motion", ClaimVerdict.Supported)]
    [InlineData("space > divided on motion", ClaimVerdict.Contradicted)]
    [InlineData("divided > axial on motion", ClaimVerdict.Undecided)]
    [InlineData("divided - space >= 20 on motion", ClaimVerdict.Supported)]
    [InlineData("divided - space >= 40 on motion", ClaimVerdict.Undecided)]
    [InlineData("divided - space >= 60 on motion", ClaimVerdict.Contradicted)]
    [InlineData("divided >= 80 on motion", ClaimVerdict.Supported)]
    [InlineData("space >= 60 on motion", ClaimVerdict.Contradicted)]
    [InlineData("no difference between divided and axial on motion", ClaimVerdict.Supported)]
    [InlineData("no difference between divided and axial within 0.5 on motion", ClaimVerdict.Undecided)]
    [InlineData("no difference between divided and space on motion", ClaimVerdict.Contradicted)]
    [InlineData("motion > appearance for divided", ClaimVerdict.Supported)]
    [InlineData("motion - appearance >= 20 for divided", ClaimVerdict.Supported)]
    [InlineData("no difference between motion and appearance for space", ClaimVerdict.Supported)]
    [InlineData("axial > space on appearance", ClaimVerdict.NoResults)]
    public void The_interval_of_the_effect_decides(string predicate, ClaimVerdict verdict)
    {
        var result = Results(predicate).Single();
        Assert.Equal((verdict, predicate), (result.Verdict, $"{result.Predicate}".Replace(" within 5", "")));
    }

    [Fact]
    public void A_result_has_the_effect_its_interval_the_probability_of_improvement_and_Holms_p()
    {
        var results = Results("divided - space >= 20 on motion", "space >= 30 on motion", "axial > space on appearance");
        var (effect, accuracy) = (results[0], results[1]);
        Assert.Equal((0.4, 1.0), (Math.Round(effect.Effect!.Value, 12), effect.Improvement));
        Assert.InRange(effect.Effect.Value, effect.Interval!.Value.Low, effect.Interval.Value.High);
        Assert.Equal(2 * 2 / 256.0, effect.PValue!.Value, 12);      // all eight signs alike, of two claims
        Assert.Equal((0.5, null), (Math.Round(accuracy.Effect!.Value, 12), accuracy.Improvement));
        Assert.Equal(2 * 2 / 256.0, accuracy.PValue!.Value, 12);
        Assert.Contains("over 2 claims", ClaimResult.Note([effect, accuracy]), StringComparison.Ordinal);
        Assert.DoesNotContain("so few", ClaimResult.Note([effect, accuracy]), StringComparison.Ordinal);
    }

    [Fact]
    public void Single_runs_decide_nothing()
    {
        var study = Study("divided > space on motion");
        var result = ClaimResult.Of(study, Table(study, seeds: 1)).Single();
        Assert.Equal((ClaimVerdict.Undecided, null), (result.Verdict, result.Interval));
        Assert.EndsWith("with so few runs no p can be below 1.00", ClaimResult.Note([result]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_takes_the_name_that_a_scale_has_and_is_left_out_where_it_has_none()
    {
        var study = Study("divided > space on motion or SSv2", "divided > space on appearance");
        Assert.Equal(
            ["divided > space on motion", "divided > space on appearance"],
            ClaimResult.Of(study, Table(study)).Select(result => $"{result.Predicate}"));
        Assert.Equal(["divided > space on SSv2"], ClaimResult.Of(study, Table(study, "paper")).Select(result => $"{result.Predicate}"));
    }

    [Fact]
    public void Without_a_place_the_only_column_counts_or_that_of_the_runs_own_test()
    {
        var study = Load("""
            axes: [{name: attention, values: {space: {model.attention_type: space_only}, divided: {}}}]
            tests: {backwards: {data.test_backwards: true}}
            claims: [{predicate: divided > space}]
            scales: {small: {changes: {data.procedural: {train_per_class: 1}}}}
            """);
        Assert.Equal("divided > space on accuracy@1", $"{ClaimResult.Of(study, Table(study)).Single().Predicate}");
    }

    [Theory]
    [InlineData("divided > spce on motion", "'spce' is no row of the study; its rows are space, divided, axial")]
    [InlineData("divided > space on movement", "'movement' is no column of the study; its columns are motion, appearance, SSv2")]
    [InlineData("divided > space on motion or SSv3", "'SSv3' is no column")]
    [InlineData("motion > SSv2 for space", "no scale has 'motion', 'SSv2' and 'space'")]
    [InlineData("divided is best", "'divided is best' is no predicate")]
    public void A_claim_about_what_the_study_lacks_is_an_error(string predicate, string message) =>
        Assert.Contains(message, Assert.Throws<RecipeException>(() => Study(predicate)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bold_are_the_best_and_what_is_not_significantly_below_if_anything_is()
    {
        var study = Load(Yaml);
        var table = Table(study);
        Assert.Equal([("axial", "motion"), ("divided", "motion")], table.Best.Order());
        Assert.EndsWith("of 8 runs each; bold: the best of a column and what is not significantly below it", table.Note);

        var few = Table(study, seeds: 3);       // p is 0.1 at least
        Assert.Empty(few.Best);
        Assert.Equal("accuracy@1 in percent ± half of the 95 % interval, of 3 runs each", few.Note);
        Assert.Equal("accuracy@1 in percent, of one run each", Table(study, seeds: 1).Note);
    }

    // On motion divided 90 %, axial as good but for a point that comes and goes, space 50 %; on appearance divided and space alone, 50 %.
    private static StudyTable Table(Study study, string scale = "small", int seeds = 8) => StudyTable.Of(
        study.Runs(scale, seeds), run => (run.Point["attention"], run.Point.GetValueOrDefault("videos")) switch
        {
            ("axial", "appearance") => null,
            ("divided", "motion") => StudyTests.Result(study, run, 0.9 + spread[run.Seed]),
            ("axial", "motion") => StudyTests.Result(study, run, 0.9 + spread[run.Seed] + (run.Seed % 2 == 0 ? 0.01 : -0.01)),
            _ => StudyTests.Result(study, run, 0.5 + spread[7 - run.Seed]),
        });

    private IReadOnlyList<ClaimResult> Results(params string[] predicates)
    {
        var study = Study(predicates);
        return ClaimResult.Of(study, Table(study));
    }

    private Study Study(params string[] predicates) =>
        Load($"claims:\n{string.Concat(predicates.Select(text => $"  - predicate: {text}\n"))}{Yaml}");

    private Study Load(string yaml) => TimeSformer.Experiments.Study.Load(folder.Write("study.yaml", yaml));
}
