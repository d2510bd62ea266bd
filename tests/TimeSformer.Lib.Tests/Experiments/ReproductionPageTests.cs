using TimeSformer.Experiments;

namespace TimeSformer.Tests.Experiments;

public sealed class ReproductionPageTests : FolderTests
{
    private const string Text = """
        title: Schemes
        text: Which patches?
        kept: the schemes.
        axes:
          - name: attention
            values: {space: {model.attention_type: space_only}, divided: {}}
        paper:
          space: {K400: 76.9}
        scales:
          small: {simplified: a toy., recipe: base.yaml}
          gpu: {recipe: base.yaml}
        """;

    [Fact]
    public void A_table_has_the_papers_numbers_beside_ours_and_dashes_where_there_are_none()
    {
        File.WriteAllText(folder.File("base.yaml"), "model: {preset: tiny}");
        File.WriteAllText(folder.File("schemes.yaml"), Text);
        Assert.Contains("Not run yet: `./timesformer reproduce schemes --scale small`", ReproductionPage.Of(folder.Path));

        var study = Study.Load(folder.File("schemes.yaml"));
        var run = study.Runs("small")[0];
        var made = new Provenance("c", "2.10.0", "cpu", "a processor, 2 cores, 1 thread", DateTime.UnixEpoch);
        new RunResult("schemes", "small", run.Point, 0, run.Hash, 0.5, 1, 1, 1, 1800, "", [], made)
            .Write(folder.File("results/small/schemes/space_seed0.json"));
        var page = ReproductionPage.Of(folder.Path);
        Assert.Contains("| attention | paper: K400 | ours: accuracy@1 |\n| --- | --- | --- |\n", page);
        Assert.Matches(@"\| space \| 76\.9 \| 50\.0.*\|\n\| divided \| - \| - \|\n", page);
        Assert.Contains("Kept from the paper: the schemes.", page);
        Assert.Contains(
            "Simplified: a toy. `./timesformer reproduce schemes --scale small`. 1 of 2 runs, 0.5 hours in all, made with libtorch 2.10.0",
            page);
        Assert.DoesNotContain("gpu", page);
    }

    [Fact]
    public void The_repositorys_page_is_what_its_results_say()
    {
        var experiments = Path.Combine(Repository.Root, "experiments");
        Assert.Equal(ReproductionPage.Of(experiments), File.ReadAllText(Path.Combine(experiments, "REPRODUCTION.md")));
    }
}
