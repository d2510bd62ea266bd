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
    public void Activations_of_a_model_without_blocks_are_not_recomputed()
    {
        Recipe recipe = new() { Model = new() { Preset = "i3d-small" }, Training = new() { ActivationCheckpointing = true } };
        Assert.Refused<RecipeException>("training.activation_checkpointing", recipe.Validate);
    }
}
