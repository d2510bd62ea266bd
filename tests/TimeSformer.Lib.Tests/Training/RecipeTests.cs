using TimeSformer.Models;
using TimeSformer.Training;

namespace TimeSformer.Tests.Training;

public sealed class RecipeTests
{
    [Fact]
    public void What_a_recipe_leaves_out_is_the_official_Kinetics_recipe()
    {
        var recipe = RecipeFile.Parse("data: {train: a.txt}");
        Assert.Equal((15, 8, 0.005, 0.9, 1e-4), (recipe.Training.Epochs, recipe.Training.BatchSize, recipe.Training.LearningRate, recipe.Training.Momentum, recipe.Training.WeightDecay));
        Assert.Equal([0, 11, 14], recipe.Training.Steps);
        Assert.Equal((8, 32, 224), (recipe.Data.Frames, recipe.Data.SamplingRate, recipe.Data.CropSize));
    }

    [Fact]
    public void A_recipe_survives_being_written_and_read()
    {
        var recipe = RecipeFile.Parse("""
            model: {preset: small, attention: joint_space_time, drop_path_rate: 0.2}
            data: {train: a.txt, val: b.txt, crop_size: 112, jitter_scales: [128, 160], flip: false}
            training: {optimizer: adamw, learning_rate: 1e-3, steps: [0, 2], step_factors: [1, 0.5], label_smoothing: 0.1}
            """);
        Assert.Equal(AttentionScheme.JointSpaceTime, recipe.Model.Attention);
        Assert.Equal(OptimizerKind.AdamW, recipe.Training.Optimizer);
        Assert.Equal(RecipeFile.ToYaml(recipe), RecipeFile.ToYaml(RecipeFile.Parse(RecipeFile.ToYaml(recipe))));
    }

    [Theory]
    [InlineData("training: {learing_rate: 1}", "learning_rate")]
    [InlineData("data: {train: a, crop: 8}", "crop_size")]
    [InlineData("modle: {preset: tiny}", "model")]
    [InlineData("model: {attention: divided}", "divided_space_time")]
    [InlineData("training: {optimizer: sdg}", "sgd")]
    public void An_unknown_name_is_answered_with_the_nearest_known_one(string yaml, string nearest) =>
        Assert.Contains($"did you mean '{nearest}'", Message(yaml), StringComparison.Ordinal);

    [Theory]
    [InlineData("training: {epochs: 0}", "training.epochs is 0")]
    [InlineData("training: {label_smoothing: 1}", "training.label_smoothing")]
    [InlineData("training: {steps: [0, 5, 3], step_factors: [1, 1, 1]}", "ascending")]
    [InlineData("training: {steps: [0, 5]}", "one for each of training.steps")]
    [InlineData("data: {jitter_scales: [100, 200]}", "at least data.crop_size")]
    [InlineData("training: {epochs: many}", "line 1")]
    [InlineData("training: [", "line")]
    [InlineData("training: {epochs: 1, epochs: 2}", "line 1")]
    [InlineData("", "empty")]
    [InlineData("training: !!System.IO.FileInfo {fileName: x}", "line 1")]
    public void A_bad_value_is_refused_in_one_line(string yaml, string said)
    {
        Assert.Contains(said, Message(yaml), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Message(yaml));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.yaml", Assert.Throws<RecipeException>(() => RecipeFile.Load("nowhere.yaml")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 0.005)]
    [InlineData(10.99, 0.005)]
    [InlineData(11, 0.0005)]
    [InlineData(14.5, 0.00005)]
    public void The_rate_falls_in_steps(double epoch, double rate) =>
        Assert.Equal(rate, LearningRateSchedule.At(new OptimizationRecipe(), epoch), precision: 12);

    private static string Message(string yaml) => Assert.Throws<RecipeException>(() => RecipeFile.Parse(yaml)).Message;
}
