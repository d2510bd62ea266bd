using TimeSformer.Costs;
using TimeSformer.Experiments;

namespace TimeSformer.Tests.Experiments;

public sealed class StudyTests : FolderTests
{
    private const string Small = """
        title: A small study
        axes:
          - name: attention
            values:
              space: {model.attention_type: space_only}
              divided space-time: {model.attention_type: divided_space_time}
          - name: videos
            values:
              motion: {data.procedural.family: motion}
              appearance: {data.procedural.family: appearance}
        paper:
          space: {K400: 76.9}
        scales:
          small:
            seeds: 2
            changes: {
              model.preset: tiny,
              data.procedural: {train_per_class: 1, val_per_class: 1}, data.sampling_rate: 2, data.crop_size: 32,
              data.train_jitter_scales: [32, 36], data.num_workers: 0,
              training.epochs: 2, training.batch_size: 4, training.optimizer: adamw, training.lr: 0.001, training.steps: [0],
              training.lrs: [1], training.checkpoint_every_steps: 1}
        """;

    [Fact]
    public void A_study_is_the_grid_of_its_axes_repeated_for_each_seed()
    {
        var runs = Load(Small).Runs("small");
        Assert.Equal(2 * 2 * 2, runs.Count);
        Assert.Equal(
            ["space_motion_seed0", "space_appearance_seed0", "divided-space-time_motion_seed0", "divided-space-time_appearance_seed0"],
            runs.Take(4).Select(run => run.Name));
        var recipe = runs[2].Recipe;
        Assert.Equal(
            (AttentionScheme.DividedSpaceTime, ProceduralFamily.Motion, 0),
            (recipe.Model.Attention, recipe.Data.Procedural!.Family, recipe.Training.Seed));
        Assert.All(runs.Skip(4), run => Assert.Equal(1, run.Recipe.Training.Seed));
    }

    [Fact]
    public void A_key_that_one_point_adds_to_a_group_of_the_scale_is_in_no_other_point()
    {
        var study = Load(Small.Replace("motion: {data.procedural.family: motion}", "motion: {data.procedural.frames: 30}"));
        Assert.All(study.Runs("small"), run => Assert.Equal(
            run.Point["videos"] == "motion" ? 30 : new ProceduralRecipe().Frames, run.Recipe.Data.Procedural!.Frames));
    }

    [Fact]
    public void The_hash_of_a_run_depends_on_its_recipe_but_not_on_the_order_of_keys()
    {
        string Hash(string there, string instead) => Load(Small.Replace(there, instead)).Runs("small")[0].Hash;
        var hash = Load(Small).Runs("small")[0].Hash;
        Assert.Equal(hash, Hash("training.epochs: 2, training.batch_size: 4,", "training.batch_size: 4, training.epochs: 2,"));
        Assert.NotEqual(hash, Hash("epochs: 2", "epochs: 3"));
        Assert.Equal(8, Load(Small).Runs("small").Select(run => run.Hash).Distinct().Count());
    }

    [Theory]
    [InlineData("model.attention_type: space_only", "model.atention: space_only", "did you mean 'attention_type'")]
    [InlineData("model.attention_type: space_only", "model.preset.x: 1", "preset is a value")]
    [InlineData("    seeds: 2", "    seads: 2", "seads")]
    [InlineData("axes:", "axis:", "axis")]
    [InlineData("title: A small study", "title: !!System.IO.FileInfo {}", "line 1")]
    [InlineData("title: A small study", "...\na", "line 1: what follows is not YAML")]
    [InlineData("title: A small study", "title:", "title, text or kept has a key or an entry without a value")]
    [InlineData("      space: {model.attention_type: space_only}", "      space:", "axes has a key or an entry without a value")]
    [InlineData("  space: {K400: 76.9}", "  space:", "paper has a key or an entry without a value")]
    [InlineData("paper:", "claims: [~]\npaper:", "claims has a key or an entry without a value")]
    [InlineData("paper:", "tests:\npaper:", "tests has a key or an entry without a value")]
    [InlineData("    seeds: 2", "    seeds: 2\n    axes: [{name: more, values: }]", "axes has a key or an entry without a value")]
    [InlineData("    seeds: 2", "    needs:", "scales.small has a key or an entry without a value")]
    [InlineData("    seeds: 2", "    seeds: 0", "scales.small.seeds is 0")]
    [InlineData("- name: videos", "- name: attention", "axes has 'attention' twice")]
    [InlineData("      space: {model", "      ../space: {model", "the value '../space' of attention becomes part of a file's name")]
    [InlineData("model.preset: tiny", "model: {{a: 1}: 2}", "a key that is not text")]
    [InlineData("model.preset: tiny", "model: &a {model: *a}", "the alias *a stands for something unknown or around it")]
    public void A_wrong_study_is_refused_with_the_file_and_the_mistake(string there, string instead, string said)
    {
        Assert.Contains("study.yaml", Assert.Refused<RecipeException>(said, () => Load(Small.Replace(there, instead))));
    }

    [Fact]
    public void A_study_of_too_many_runs_is_refused_before_they_are_made()
    {
        var axes = Enumerable.Range(0, 30).Select(axis => $"  - {{name: axis {axis}, values: {{a: {{training.lr: 1}}, b: {{}}}}}}");
        const string said = "more than the 10000 allowed";
        Assert.Refused<RecipeException>(said, () => Load(Small.Replace("axes:", $"axes:\n{string.Join('\n', axes)}")));
        Assert.Refused<RecipeException>(said, () => Load(Small).Runs("small", seeds: int.MaxValue));
    }

    [Fact]
    public void An_unknown_scale_is_refused_with_the_known_ones() =>
        Assert.Refused<RecipeException>("this study has small", () => Load(Small).Runs("large"));

    [Fact]
    public void An_interrupted_run_resumes_with_the_same_numbers()
    {
        var study = Load(Small);
        var run = study.Runs("small")[2];
        var unbroken = Runner(study, "a").Run(run, Train());
        Assert.NotNull(unbroken);
        Assert.Equal([0, 1], unbroken.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(unbroken.Epochs[^1].Top1, unbroken.Top1);
        Assert.Equal(unbroken.Parameters, CostModel.Of((TimeSformerConfig)run.Recipe.ModelConfig(8)).Parameters);

        using var cut = new CancellationTokenSource();
        Assert.Null(Runner(study, "b").Run(run, Train(step => { if (step == 3) cut.Cancel(); }, cut.Token)));
        Assert.Null(Runner(study, "b").Find(run));
        var resumed = Runner(study, "b").Run(run, Train());
        Assert.Equal(unbroken.Epochs, resumed!.Epochs);
        Assert.Equal(resumed.Top1, Runner(study, "b").Find(run)!.Top1);
        Assert.True(resumed.TrainingSeconds > 0);
        Assert.Equal((8, unbroken.Top1), (unbroken.Test!.Videos, unbroken.Test.Top1));
        int[][] counts = unbroken.Test.Counts();
        Assert.Equal(8, counts.Sum(row => row.Sum()));
        Assert.Equal(unbroken.Top1, counts.Select((row, label) => row[label]).Sum() / 8.0);
        Assert.Null(unbroken.Test.Mistakes);
        Assert.InRange(Runner(study, "b").Find(run)!.WaitingForData!.Value, 0, 1);
    }

    [Fact]
    public void A_damaged_result_or_one_of_another_recipe_does_not_count()
    {
        var study = Load(Small);
        var run = study.Runs("small")[0];
        var runner = Runner(study, "a");
        var result = Result(study, run, 0.5);
        result.Write(Path.Combine(runner.Folder, $"{run.Name}.json"));
        Assert.Equal(0.5, runner.Find(run)!.Top1);
        var other = Load(Small.Replace("epochs: 2", "epochs: 3"));
        Assert.Null(Runner(other, "a").Find(other.Runs("small")[0]));
        File.WriteAllText(Path.Combine(runner.Folder, $"{run.Name}.json"), "{\"study\": ");
        Assert.Null(runner.Find(run));
    }

    [Fact]
    public void Of_mistaken_videos_with_one_name_the_first_is_told()
    {
        ScoredVideo[] scored = [new(new("wave/1.mp4", 0), 1), new(new("jump/1.mp4", 1), 0), new(new("jump/2.mp4", 1), 1)];
        var evaluation = new Evaluation(0.33, 1, 1, 3, new Dictionary<string, string>()) { Videos = scored };
        var test = TimeSformer.Experiments.TestResult.Of(evaluation, ["wave", "jump"], named: true);
        Assert.Equal([("1.mp4", "jump")], test.Mistakes!.Select(mistake => (mistake.Key, mistake.Value)));
        Assert.Equal(["0 1", "1 1"], test.Confusion);
    }

    [Fact]
    public void Table_cells_are_means_over_seeds_with_half_of_their_interval()
    {
        var study = Load(Small);
        var runs = study.Runs("small");
        var table = StudyTable.Of(runs, run => (run.Point["attention"], run.Seed) switch
        {
            ("space", 0) => Result(study, run, 0.4),
            ("space", _) => Result(study, run, 0.5),
            (_, 0) => Result(study, run, 0.9),
            _ => null,
        });
        Assert.Equal(["space", "divided space-time"], table.Rows);
        Assert.Equal(["motion", "appearance"], table.Columns);
        Assert.Equal("45.0 ± 45.4", table.Cells[("space", "motion")].ToString());
        Assert.Equal("90.0", table.Cells[("divided space-time", "appearance")].ToString());
    }

    [Fact]
    public void Folds_are_pooled_by_their_numbers_of_videos_and_tests_are_columns()
    {
        var study = Load(Small.Replace("  - name: videos", "  - name: videos\n    pooled: true")
            .Replace("title:", "tests: {backwards: {data.test_backwards: true}}\ntitle:"));
        var runs = study.Runs("small");
        Assert.All(runs, run => Assert.Equal(["attention"], run.Place.Keys));
        Assert.All(runs, run => Assert.True(RecipeFile.Parse(run.Tests["backwards"]).Data.TestBackwards));
        Assert.All(runs, run => Assert.False(run.Recipe.Data.TestBackwards));
        var table = StudyTable.Of(runs, run => (run.Point["attention"], run.Point["videos"], run.Seed) switch
        {
            ("space", "motion", 0) => Tested(run, videos: 30, forwards: 0.8, backwards: 0.2),
            ("space", "appearance", 0) => Tested(run, videos: 10, forwards: 0.4, backwards: 0.6),
            _ => null,
        });
        Assert.Equal(["accuracy@1", "backwards"], table.Columns);
        Assert.Equal(0.7, table.Cells[("space", "accuracy@1")].Mean, 1e-9); // (24 + 4) / 40
        Assert.Equal(0.3, table.Cells[("space", "backwards")].Mean, 1e-9);
        Assert.False(table.Cells.ContainsKey(("divided space-time", "backwards")));
        // Where one result does not say how many videos it tested, all of its cell count alike.
        var mixed = StudyTable.Of(runs, run => (run.Point["attention"], run.Point["videos"], run.Seed) switch
        {
            ("space", "motion", 0) => Tested(run, videos: 30, forwards: 0.8, backwards: 0.2),
            ("space", "appearance", 0) => Result(study, run, 0.4),
            _ => null,
        });
        Assert.Equal(0.6, mixed.Cells[("space", "accuracy@1")].Mean, 1e-9);

        RunResult Tested(StudyRun run, int videos, double forwards, double backwards) => Result(study, run, forwards) with
        {
            Test = new(videos, forwards, 1, []),
            Tests = new Dictionary<string, TimeSformer.Experiments.TestResult> { ["backwards"] = new(videos, backwards, 1, []) },
        };
    }

    [Fact]
    public void The_studies_of_the_repository_are_valid()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "experiments"), "*.yaml"))
        {
            if (!File.ReadAllText(file).Contains("\nscales:"))
            {
                RecipeFile.Load(file);
                continue;
            }
            var study = Study.Load(file);
            Assert.Subset(new HashSet<string> { "small", "real", "gpu", "paper" }, study.Scales.Keys.ToHashSet());
            var runs = study.Scales.Keys.SelectMany(scale => study.Runs(scale));
            Assert.All(runs, run => Assert.Equal(10, run.Recipe.ModelConfig(10).NumClasses));
            Assert.All(study.Paper.Keys, row => Assert.Contains(row, study.Axes[0].Values.Keys));
        }
    }

    [Fact]
    public void Values_that_begin_with_a_number_form_a_series()
    {
        var study = Load(Small.Replace("space: {model", "16 pixels: {model").Replace("divided space-time: {model", "8 pixels: {model"));
        Assert.True(StudyTable.Of(study.Runs("small"), _ => null).IsSeries);
        Assert.False(StudyTable.Of(Load(Small).Runs("small"), _ => null).IsSeries);
        Assert.Equal((8, 25), (StudyTable.NumberOf("8 frames"), StudyTable.NumberOf("25 %")));
        Assert.Throws<ArgumentException>(() => StudyTable.NumberOf("all"));
    }

    private Study Load(string yaml)
    {
        File.WriteAllText(folder.File("study.yaml"), yaml);
        return Study.Load(folder.File("study.yaml"));
    }

    private StudyRunner Runner(Study study, string name) =>
        new(study, "small", folder.File($"{name}-results"), folder.File($"{name}-runs"));

    private static Func<Recipe, string, CancellationToken, TrainingResult> Train(
        Action<long>? onStep = null, CancellationToken stop = default) =>
        (recipe, run, _) => new Trainer(recipe, run) { OnStep = progress => onStep?.Invoke(progress.Step) }.Run(stop);

    internal static RunResult Result(Study study, StudyRun run, double top1) =>
        new(study.Name, "small", run.Point, run.Seed, run.Hash, top1, 1, 1, 1, 1, run.Source, [], Provenance.Now("cpu"));
}
