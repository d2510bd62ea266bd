using TimeSformer.Experiments;

namespace TimeSformer.Tests.Experiments;

public sealed class CostColumnsTests : FolderTests
{
    private const string Text = """
        title: Rivals
        costs: true
        axes:
          - name: model
            values: {I3D: {model.preset: i3d-small}, TimeSformer: {model.preset: tiny}}
        paper: {I3D: {K400: 73.4}}
        paper_costs: {I3D: {TFLOPs: 1.11, V100 hours: 1440}}
        scales:
          small: {recipe: base.yaml, seeds: 2}
        """;

    private Study Load(string text)
    {
        File.WriteAllText(folder.File("base.yaml"), "model: {preset: tiny}");
        File.WriteAllText(folder.File("rivals.yaml"), text);
        return Study.Load(folder.File("rivals.yaml"));
    }

    [Fact]
    public void A_row_tells_the_size_the_computation_and_the_median_speed_of_its_runs_beside_the_papers()
    {
        var study = Load(Text);
        var table = StudyTable.Of(study.Runs("small"), run => run.Point["model"] == "I3D" ? Result(study, run) : null);
        var columns = CostColumns.Of(study, table);
        Assert.Equal(
            ["ours: parameters, M", "ours: multiply-adds of a view, G", "ours: training, clips/s", "paper: TFLOPs", "paper: V100 hours"],
            columns.Select(column => column.Title));
        Assert.Equal(["28.0", "1.11", "250", "1.11", "1440"], columns.Select(column => column.Text("I3D")));
        Assert.All(columns, column => Assert.Equal("-", column.Text("TimeSformer")));
        Assert.Empty(CostColumns.Of(Load(Text.Replace("costs: true\n", "")), table));
    }

    [Fact]
    public void The_page_of_all_studies_has_them()
    {
        var study = Load(Text);
        var run = study.Runs("small")[0];
        Result(study, run).Write(folder.File($"results/small/rivals/{run.Name}.json"));
        var page = ReproductionPage.Of(folder.Path);
        Assert.Contains("| ours: accuracy@1 | ours: parameters, M |", page);
        Assert.Contains("| I3D | 73.4 | 50.0 | 28.0 | 1.11 | 200 | 1.11 | 1440 |\n| TimeSformer | - | - | - | - | - | - | - |", page);
    }

    private static RunResult Result(Study study, StudyRun run) => StudyTests.Result(study, run, 0.5) with
    {
        Parameters = 28_040_000,
        MultiplyAdds = 1_110_000_000,
        ClipsPerSecond = 200 + (50 * run.Seed),
    };
}
