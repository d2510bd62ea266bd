using TimeSformer.Experiments;

namespace TimeSformer.Tests.Experiments;

/// <summary>What the runs of studies share: results, pretraining, recipe files, and the hosts that do them.</summary>
public sealed class StudyRunnerTests : FolderTests
{
    private const string Base = """
        model: {preset: tiny}
        data: {procedural: {train_per_class: 1, val_per_class: 1},
          num_frames: 2, sampling_rate: 2, crop_size: 32, train_jitter_scales: [32, 36], num_workers: 0}
        training: {epochs: 1, batch_size: 8, optimizer: adamw, lr: 0.001, steps: [0], lrs: [1]}
        """;

    private const string Stage =
        "{model: {preset: tiny, attention_type: space_only}, "
        + "data: {procedural: {family: stills, train_per_class: 1, val_per_class: 1, frames: 1}, "
        + "num_frames: 1, sampling_rate: 1, crop_size: 32, train_jitter_scales: [32, 36], num_workers: 0}, "
        + "training: {epochs: 1, batch_size: 8, lr: 0.001, steps: [0], lrs: [1]}}";

    public StudyRunnerTests() => File.WriteAllText(folder.File("base.yaml"), Base);

    [Fact]
    public void A_point_may_start_from_a_recipe_file_and_override_its_keys()
    {
        var study = Load("a", "one: {model.attention_type: axial, recipe: base.yaml, training.epochs: 3, training.lr: }");
        var recipe = study.Runs("small")[0].Recipe;
        Assert.Equal((AttentionScheme.Axial, 3, 2), (recipe.Model.Attention, recipe.Training.Epochs, recipe.Data.NumFrames));
        Assert.Equal(new OptimizationRecipe().LearningRate, recipe.Training.LearningRate);
        Assert.Refused<RecipeException>("none.yaml: recipe not found", () => Load("a", "one: {recipe: none.yaml}"));
    }

    [Fact]
    public void A_run_that_another_study_has_done_at_the_same_scale_is_not_repeated()
    {
        var first = Load("first", "one: {recipe: base.yaml}");
        var second = Load("second", "same: {recipe: base.yaml}, other: {recipe: base.yaml, model.attention_type: axial}");
        var done = Runner(first).Run(first.Runs("small")[0], Train);
        var runs = second.Runs("small");
        Assert.Equal(done!.Hash, Runner(second).Find(runs[0])!.Hash);
        Assert.Null(Runner(second).Find(runs[1]));
        Assert.Null(new StudyRunner(second, "gpu", folder.File("results"), folder.File("runs")).Find(runs[0]));
    }

    [Fact]
    public void A_result_without_a_test_that_the_study_asks_for_does_not_count()
    {
        var first = Load("first", "one: {recipe: base.yaml}");
        Runner(first).Run(first.Runs("small")[0], Train);
        var second = Load("second", "same: {recipe: base.yaml}") with
        {
            Tests = new() { ["backwards"] = new() { ["data.test_backwards"] = true } },
        };
        var run = second.Runs("small")[0];
        Assert.Null(Runner(second).Find(run));
        Assert.NotNull(Runner(second).Run(run, Train)!.Tests["backwards"]);
        Assert.NotNull(Runner(second).Find(run));
        // The first study takes either.
        Assert.Equal(run.Hash, Runner(first).Find(first.Runs("small")[0])!.Hash);
    }

    [Fact]
    public void Runs_with_the_same_pretraining_train_it_once_and_start_from_its_weights()
    {
        var study = Load("a", $"one: {{recipe: base.yaml, model.pretraining: {Stage}}}", seeds: 2);
        var trained = new List<Recipe>();
        foreach (var run in study.Runs("small"))
        {
            var result = Runner(study).Run(run, (recipe, home, cancel) =>
            {
                trained.Add(recipe);
                return Train(recipe, home, cancel);
            });
            Assert.Contains("pretraining:", result!.Recipe);
        }
        // Each run asks for the pretraining, which is complete after the first time.
        AttentionScheme[] stages = [AttentionScheme.SpaceOnly, AttentionScheme.DividedSpaceTime];
        Assert.Equal([.. stages, .. stages], trained.Select(recipe => recipe.Model.Attention));
        Assert.Single(Directory.GetDirectories(folder.File("runs/pretraining")));
        var reports = Directory.GetFiles(folder.File("runs/small"), "pretrained.txt", SearchOption.AllDirectories);
        Assert.Equal(2, reports.Length);
        Assert.All(reports, report => Assert.Contains("attn.qkv", File.ReadAllText(report)));
        Assert.Equal(trained[1].Model.Pretrained, trained[3].Model.Pretrained);
    }

    [Fact]
    public void Interrupted_pretraining_interrupts_the_run_and_is_resumed()
    {
        var study = Load("a", $"one: {{recipe: base.yaml, model.pretraining: {Stage}}}");
        var run = study.Runs("small")[0];
        using var stop = new CancellationTokenSource();
        TrainingResult TrainAStep(Recipe recipe, string home, CancellationToken cancel) =>
            new Trainer(recipe, home) { OnStep = _ => stop.Cancel() }.Run(cancel);
        Assert.Throws<OperationCanceledException>(() => Runner(study).Run(run, TrainAStep, stop.Token));
        Assert.Null(Runner(study).Find(run));
        Assert.NotNull(Runner(study).Run(run, Train));
    }

    [Fact]
    public void Missing_input_is_reported_before_a_run_starts()
    {
        var study = Load("a", string.Join(", ",
            "complete: {recipe: base.yaml}",
            "no folder: {recipe: base.yaml, data.procedural: , data.layout: folders, data.root: nowhere}",
            "no list: {recipe: base.yaml, model.pretraining: {data: {train: none.txt}}}"));
        var runs = study.Runs("small");
        Assert.Null(Runner(study).MissingInput(runs[0]));
        Assert.Contains(folder.File("nowhere") + ": folder not found", Runner(study).MissingInput(runs[1])!);
        Assert.Contains(folder.File("none.txt") + ": list not found", Runner(study).MissingInput(runs[2])!);
    }

    private Study Load(string name, string values, int seeds = 1)
    {
        File.WriteAllText(folder.File($"{name}.yaml"), $$$"""
            axes: [{name: point, values: {{{{values}}}}}]
            scales: {small: {seeds: {{{seeds}}}}, gpu: {}}
            """);
        return Study.Load(folder.File($"{name}.yaml"));
    }

    private StudyRunner Runner(Study study) => new(study, "small", folder.File("results"), folder.File("runs"));

    private static TrainingResult Train(Recipe recipe, string home, CancellationToken cancel) => new Trainer(recipe, home).Run(cancel);
}
