namespace TimeSformer.Tests.Training;

public sealed class TrainerTests : TrainingTests
{
    private Recipe Recipe(OptimizerKind optimizer = OptimizerKind.Sgd)
    {
        var recipe = base.Recipe(new()
        {
            Epochs = 2, BatchSize = 8, Optimizer = optimizer, LearningRate = 1e-3, ClipGradNorm = 1, LabelSmoothing = 0.1,
            CheckpointEverySteps = 2,
        });
        return recipe with { Training = recipe.Training with { Steps = [0, 1], StepFactors = [1, 0.1] } };
    }

    private Recipe Changed(Func<OptimizationRecipe, OptimizationRecipe> change) => Recipe() with { Training = change(Recipe().Training) };

    [Fact]
    public void Runs_with_the_same_seed_have_the_same_losses_and_another_seed_changes_them()
    {
        Train(Recipe(), "a");
        Train(Recipe(), "b");
        Train(Changed(training => training with { Seed = 1 }), "c");
        Assert.Equal(6, Losses("a").Count);
        Assert.Equal(Losses("a"), Losses("b"));
        Assert.NotEqual(Losses("a"), Losses("c"));
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, 1)]
    [InlineData(OptimizerKind.Sgd, 3)]
    [InlineData(OptimizerKind.AdamW, 5)]
    public void An_interrupted_run_resumes_with_the_losses_of_an_uninterrupted_one(OptimizerKind optimizer, int after) =>
        AssertResumes(Recipe(optimizer), after);

    [Fact]
    public void A_run_whose_process_died_resumes_from_the_last_checkpoint()
    {
        var whole = Train(Recipe(), "whole");
        var killed = Assert.Throws<InvalidOperationException>(() => new Trainer(Recipe(), folder.File("broken"))
        {
            OnStep = progress => { if (progress.Step == 5) throw new InvalidOperationException("killed"); },
        }.Run());
        Assert.Equal("killed", killed.Message);
        // What a kill in the middle of saving leaves.
        Directory.CreateDirectory(folder.File("broken/checkpoint-00000006.partial"));
        File.AppendAllText(folder.File("broken/log.jsonl"), "{\"step\":6,\"lo");
        AssertSameRuns(whole, Train(Recipe(), "broken"));
    }

    [Theory, InlineData(1, 0, 1, 2, 3, 4), InlineData(2, 1, 3, 4), InlineData(9, 4)]
    public void Evaluations_follow_every_so_many_epochs_and_the_last_one(int period, params int[] epochs)
    {
        var seen = new List<int>();
        var recipe = Changed(training => training with { Epochs = 5, BatchSize = 24, EvalPeriod = period });
        var result = new Trainer(recipe, folder.File("a")) { OnEpoch = (epoch, _) => seen.Add(epoch) }.Run();
        Assert.Equal(epochs, seen);
        Assert.NotNull(result.Validation);
        Assert.Equal(period > 1, RecipeFile.ToYaml(recipe).Contains("eval_period"));
    }

    [Fact]
    public void A_finished_run_is_not_repeated_or_replaced_by_one_of_another_recipe()
    {
        var first = Train(Recipe(), "a");
        int steps = 0;
        var second = new Trainer(Recipe(), folder.File("a")) { OnStep = _ => steps++ }.Run();
        Assert.Equal((0, first.Checkpoint), (steps, second.Checkpoint));
        Assert.Refused<RecipeException>("another recipe", () => Train(Changed(training => training with { LearningRate = 0.5 }), "a"));
    }

    [Fact]
    public void Training_steps_leak_no_tensors() =>
        AssertStepsLeakNoTensors(Changed(training => training with { Epochs = 12, CheckpointEverySteps = 0 }));

    [Fact]
    public void A_loaded_checkpoint_repeats_its_predictions()
    {
        var result = Train(Recipe(), "a");
        var video = VideoList.Read(Data.Val).Items[0].Path;
        var (first, info) = Checkpoint.LoadModel(folder.File("a"));
        var (second, _) = Checkpoint.LoadModel(result.Checkpoint);
        using (first)
        using (second)
        {
            var scores = Predictor.Run(first, info, video);
            Assert.Equal(scores, Predictor.Run(second, info, video));
            Assert.Equal(1, scores.Sum(score => score.Probability), 5);
            Assert.Equal(scores.OrderByDescending(score => score.Probability), scores);
            Assert.Equal(ProceduralVideos.ClassNames(ProceduralFamily.Motion).Order(), scores.Select(score => score.Name).Order());
        }
    }

    [Fact]
    public void A_run_finishes_with_five_percent_of_its_videos_broken_and_reports_them()
    {
        ProceduralVideos.Write(new(folder.File("more"), ProceduralFamily.Motion, TrainPerClass: 5, ValPerClass: 3));
        var (train, val) = (VideoList.Read(folder.File("more/train.txt")).Items, VideoList.Read(folder.File("more/val.txt")).Items);
        Assert.Equal((40, 24), (train.Count, val.Count));
        File.WriteAllBytes(train[7].Path, File.ReadAllBytes(train[7].Path)[..100]);
        File.Delete(train[8].Path);
        File.WriteAllText(val[23].Path, "not a video");
        var recipe = Recipe() with
        {
            Data = Data with { Train = folder.File("more/train.txt"), Val = folder.File("more/val.txt") },
            Training = Recipe().Training with { Epochs = 3 },
        };
        var result = Train(recipe, "a");
        Assert.Equal([train[7].Path, train[8].Path], result.Broken.Keys.Order());
        Assert.All(result.Broken.Values, cause => Assert.NotEmpty(cause));
        Assert.Equal(3 * 5, Losses("a").Count);
        Assert.Equal((23, val[23].Path), (result.Validation!.Clips, result.Validation.Broken.Keys.Single()));
    }

    [Fact]
    public void The_fraction_of_time_spent_waiting_for_data_is_reported()
    {
        // Without workers, all decoding counts as waiting.
        var slow = Recipe() with { Data = Data with { NumWorkers = 0, CacheMegabytes = 0 } };
        TrainingProgress? last = null;
        var result = new Trainer(slow, folder.File("a")) { OnStep = progress => last = progress }.Run();
        Assert.InRange(result.WaitingForData, 0.01, 0.99);
        Assert.Equal(last!.WaitingForData, result.WaitingForData);
        Assert.Equal(0, Train(slow, "a").WaitingForData);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_by_name()
    {
        var result = Train(Recipe(), "a");
        var weights = Path.Combine(result.Checkpoint, "model.safetensors");
        var whole = File.ReadAllBytes(weights);
        File.WriteAllBytes(weights, whole[..1000]);
        void Refused(string said, string run) => Assert.Refused<CheckpointException>(said, () => Checkpoint.LoadModel(folder.File(run)));

        Refused(weights, "a");
        File.WriteAllBytes(weights, whole);
        File.WriteAllText(Path.Combine(result.Checkpoint, "checkpoint.json"), "{}");
        Refused("checkpoint.json", "a");
        Refused("file or folder not found", "none");
    }
}
