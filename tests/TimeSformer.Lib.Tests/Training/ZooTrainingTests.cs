namespace TimeSformer.Tests.Training;

/// <summary>Recipes train any model of the zoo.</summary>
public sealed class ZooTrainingTests() : TrainingTests(videosPerClass: 1)
{
    [Theory]
    [InlineData("i3d-small")]
    [InlineData("slowfast-small")]
    [InlineData("cnn-gru-small")]
    [InlineData("vit-tiny")]
    [InlineData("vivit-tiny")]
    [InlineData("vivit-tiny-factorized")]
    [InlineData("videomae-tiny")]
    public void A_run_of_each_model_resumes_bit_for_bit_and_its_best_checkpoint_predicts(string preset)
    {
        Recipe recipe = new()
        {
            Model = new() { Preset = preset }, Data = Data with { CropSize = 32, TrainJitterScales = [32, 40], NumFrames = 8 },
            Training = new() { Epochs = 2, BatchSize = 4, Steps = [0], StepFactors = [1], LayerDecay = 0.7, EmaDecay = 0.9 },
        };
        AssertResumes(recipe, after: 1);
        var (model, info) = Checkpoint.LoadModel(folder.File("whole"));
        var scores = Predictor.Run(model, info, VideoList.Read(Data.Train).Items[0].Path);
        Assert.Equal(1, scores.Sum(score => score.Probability), 1e-5);
    }

    [Fact]
    public void Activations_of_a_model_without_blocks_are_not_recomputed() =>
        RequireRefused(new() { ActivationCheckpointing = true }, "training.activation_checkpointing");

    [Fact]
    public void Batch_norms_keep_their_statistics_in_float32() =>
        RequireRefused(new() { Precision = Precision.Bfloat16Weights }, "training.precision is bfloat16_weights");

    // By its preset, and as the model that weights are of.
    private void RequireRefused(OptimizationRecipe training, string said)
    {
        Recipe recipe = new() { Model = new() { Preset = "i3d-small" }, Training = training };
        Assert.Refused<RecipeException>(said, recipe.Validate);
        using var model = Preset.Find("i3d-small")!.Model.Create();
        var saved = folder.File("i3d.safetensors");
        SafeTensors.Write(saved, model.state_dict());
        var named = recipe with { Model = new() { Preset = "pretrained", Pretrained = saved } };
        named.Validate();
        Assert.Refused<RecipeException>(said, () => named.ModelConfig(classes: 3));
    }
}
