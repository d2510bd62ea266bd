using TimeSformer.Data.Layouts;

namespace TimeSformer.Tests.Training;

/// <summary>Runs of <c>training.objective: masked_pixels</c>, and those that start from them.</summary>
public sealed class MaskedPretrainingTests : TrainingTests
{
    private Recipe Masked(int epochs = 2) => Recipe(new()
    {
        Epochs = epochs, BatchSize = 8, Optimizer = OptimizerKind.AdamW, LearningRate = 2e-3, ClipGradNorm = 1,
        Objective = Objective.MaskedPixels, CheckpointEverySteps = 2,
    });

    private protected override Recipe Recipe(OptimizationRecipe training) =>
        base.Recipe(training) with { Model = new() { Preset = "videomae-tiny" } };

    private Recipe Changed(Func<OptimizationRecipe, OptimizationRecipe> change) => Masked() with { Training = change(Masked().Training) };

    [Fact]
    public void A_run_learns_to_predict_pixels_and_is_not_evaluated()
    {
        var result = Train(Masked(epochs: 12), "run");
        var losses = Losses("run");
        Assert.Equal(12 * 3, losses.Count);
        Assert.True(losses[^6..].Average() < 0.9 * losses[..3].Average(), $"from {losses[..3].Average()} to {losses[^6..].Average()}");
        Assert.Null(result.Validation);
        Assert.Empty(RunLog.Epochs(RunLog.Read(folder.File("run"))));
    }

    [Theory, InlineData(1), InlineData(3)]
    public void An_interrupted_run_resumes_with_the_masks_and_losses_of_an_uninterrupted_one(int after) => AssertResumes(Masked(), after);

    [Fact]
    public void A_run_with_an_average_of_its_weights_resumes_too() =>
        AssertResumes(Changed(training => training with { EmaDecay = 0.9 }), after: 2);

    [Fact]
    public void Steps_leak_no_tensors() => AssertStepsLeakNoTensors(Masked(epochs: 12) with
    {
        Training = Masked(epochs: 12).Training with { CheckpointEverySteps = 0 },
    });

    [Fact]
    public void Labels_do_not_matter_and_the_share_of_hidden_patches_does()
    {
        Train(Masked(), "run");
        var relabeled = File.ReadAllLines(Data.Train).Select(line => line[..line.LastIndexOf(' ')] + " 0");
        File.WriteAllLines(folder.File("data/one.txt"), relabeled);
        Train(Masked() with { Data = Data with { Train = folder.File("data/one.txt") } }, "relabeled");
        Train(Changed(training => training with { MaskRatio = 0.5 }), "half");
        Assert.Equal(Losses("run"), Losses("relabeled"));
        Assert.NotEqual(Losses("run"), Losses("half"));
    }

    [Theory]
    [InlineData(Objective.MaskedPixels, Precision.Bfloat16)]
    [InlineData(Objective.MaskedPixels, Precision.Bfloat16Weights)]
    [InlineData(Objective.Classes, Precision.Bfloat16Weights)]
    public void Losses_in_lower_precision_are_close(Objective objective, Precision precision)
    {
        Train(Changed(training => training with { Objective = objective }), "run");
        Train(Changed(training => training with { Objective = objective, Precision = precision }), "lower");
        foreach (var (expected, actual) in Losses("run").Zip(Losses("lower"))) Assert.Equal(expected, actual, 0.1);
    }

    [Fact]
    public void The_gradients_of_micro_batches_add_up_to_losses_like_those_of_whole_batches()
    {
        Train(Masked(), "run");
        Train(Changed(training => training with { MicroBatchSize = 4 }), "parts");
        // Each part draws its own masks, so that losses are close and not equal.
        foreach (var (expected, actual) in Losses("run").Zip(Losses("parts"))) Assert.Equal(expected, actual, 0.2);
    }

    [Fact]
    public void Fine_tuning_starts_from_the_encoder()
    {
        Train(Masked(), "masked");
        LoadReport? report = null;
        // The learning rate is too small to change any weight.
        var recipe = Recipe(new() { Epochs = 1, BatchSize = 8, LearningRate = 1e-30, WeightDecay = 0 });
        recipe = recipe with { Model = recipe.Model with { Pretrained = folder.File("masked") } };
        new Trainer(recipe, folder.File("tuned")) { OnPretrained = loaded => report = loaded }.Run();

        using var classifier = Checkpoint.LoadModel(folder.File("tuned")).Model;
        using var file = SafeTensorsFile.Open(Path.Combine(Checkpoint.Latest(folder.File("masked"))!, "model.safetensors"));
        foreach (var (name, weight) in classifier.state_dict())
        {
            using var scope = NewDisposeScope();
            if (name.Split('.')[0] is not ("head" or "fc_norm")) Assert.True(file.Read(name).allclose(weight, 0, 1e-20), name);
        }
        Assert.Equal(["fc_norm.weight", "fc_norm.bias", "head.weight", "head.bias"], report!.Initialized.Select(weight => weight.Name));
        Assert.Empty(report.Resized);
    }

    [Fact]
    public void A_recipe_names_it_as_the_pre_training_of_another()
    {
        var stage = Masked(epochs: 1);
        var recipe = Recipe(new() { Epochs = 1, BatchSize = 8 });
        recipe = RecipeFile.Parse(RecipeFile.ToYaml(recipe with { Model = recipe.Model with { Pretraining = stage } }));
        Assert.Equal(Objective.MaskedPixels, recipe.Model.Pretraining!.Training.Objective);
        var prepared = new RecipeInputs(folder.File("work")).Prepare(recipe);
        Assert.IsType<VideoMaePretrainingConfig>(Checkpoint.Describe(prepared.Model.Pretrained!).Model);
        Assert.NotNull(Train(prepared, "tuned").Validation);
    }

    [Fact]
    public void A_pre_training_that_names_no_videos_has_all_training_videos_of_the_run()
    {
        var recipe = RecipeFile.Parse("""
            model: {preset: videomae-tiny, pretraining: {model: {preset: videomae-tiny}, training: {objective: masked_pixels}}}
            data: {layout: ut_interaction, root: folder, split: 3, train_fraction: 0.5}
            """);
        var stage = recipe.Model.Pretraining!.Data;
        Assert.Equal((DatasetLayout.UtInteraction, "folder", 3, 1.0), (stage.Layout, stage.Root, stage.Split, stage.TrainFraction));
    }

    [Fact]
    public void Its_checkpoint_is_no_classifier()
    {
        Train(Masked(epochs: 1), "masked");
        Assert.Refused<CheckpointException>("knows no classes", () => Checkpoint.LoadModel(folder.File("masked")));
    }

    [Fact]
    public void What_needs_classes_or_another_model_is_refused()
    {
        void Refused(string said, Func<OptimizationRecipe, OptimizationRecipe> change) =>
            Assert.Refused<RecipeException>(said, Changed(change).Validate);

        Refused("training.label_smoothing is 0.1", training => training with { LabelSmoothing = 0.1 });
        Refused("training.mixup_alpha is 0.2", training => training with { MixupAlpha = 0.2 });
        Refused("training.class_weights is balanced", training => training with { ClassWeights = ClassWeighting.Balanced });
        Refused("training.patience is 3", training => training with { Patience = 3 });
        Refused("training.mask_ratio is 1", training => training with { MaskRatio = 1 });
        Assert.Refused<RecipeException>(
            "model.preset is tiny; training.objective masked_pixels takes one of VideoMAE's",
            (Masked() with { Model = new() { Preset = "tiny" } }).Validate);
    }

    [Fact]
    public void Recipes_of_classifiers_are_written_as_before() =>
        Assert.DoesNotMatch("objective|mask_ratio", RecipeFile.ToYaml(new Recipe()));
}
