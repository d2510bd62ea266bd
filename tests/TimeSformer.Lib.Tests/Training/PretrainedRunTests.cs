namespace TimeSformer.Tests.Training;

/// <summary>Runs that start from existing weights: <c>model.pretrained</c>.</summary>
public sealed class PretrainedRunTests() : TrainingTests(videosPerClass: 1)
{
    // The default learning rate is too small to change any weight: a run saves the weights it started from.
    private Recipe Recipe(AttentionScheme scheme, int frames, string? pretrained = null, double rate = 1e-30, double emaDecay = 0) =>
        base.Recipe(new() { Epochs = 2, BatchSize = 8, LearningRate = rate, WeightDecay = 0, EmaDecay = emaDecay }) with
        {
            Model = new() { Preset = "tiny", Attention = scheme, Pretrained = pretrained },
            Data = Data with { Val = "", NumFrames = frames, SamplingRate = 2, NumWorkers = 0 },
        };

    [Theory, InlineData(0), InlineData(0.5)]
    public void A_video_model_starts_with_the_predictions_of_its_image_model(double emaDecay)
    {
        using var scope = NewDisposeScope();
        Train(Recipe(AttentionScheme.SpaceOnly, frames: 1, rate: 0.01), "image");
        LoadReport? report = null;
        var recipe = Recipe(AttentionScheme.DividedSpaceTime, frames: 8, folder.File("image"), emaDecay: emaDecay);
        new Trainer(recipe, folder.File("video")) { OnPretrained = loaded => report = loaded }.Run();

        using var image = Checkpoint.LoadModel(folder.File("image")).Model;
        using var video = Checkpoint.LoadModel(folder.File("video")).Model;
        manual_seed(0);
        var still = randn(new long[] { 2, 3, 1, 32, 32 });
        Assert.True(image.call(still).allclose(video.call(still.expand(2, 3, 8, 32, 32)), rtol: 1e-4, atol: 1e-5));

        Assert.Equal(report!.ToString(), File.ReadAllText(folder.File("video/pretrained.txt")));
        Assert.Equal(
            "model.safetensors: official names; 56 matched, 1 left as they were, 24 copied from spatial attention, 8 zero",
            report.Summary);
    }

    [Fact]
    public void The_layers_after_attention_over_time_start_at_zero_unless_the_recipe_says_otherwise()
    {
        using var scope = NewDisposeScope();
        Train(Recipe(AttentionScheme.SpaceOnly, frames: 1), "image");
        var recipe = Recipe(AttentionScheme.DividedSpaceTime, frames: 2, folder.File("image"));
        Train(recipe, "zero");
        Train(recipe with { Model = recipe.Model with { TemporalFcStd = 0.1 } }, "other");
        using var zero = Checkpoint.LoadModel(folder.File("zero")).Model;
        using var other = Checkpoint.LoadModel(folder.File("other")).Model;
        foreach (var (name, weight) in other.state_dict())
        {
            bool isFc = name.EndsWith("temporal_fc.weight", StringComparison.Ordinal);
            Assert.Equal(!isFc, weight.allclose(zero.state_dict()[name], rtol: 0, atol: 1e-20));
            if (isFc) Assert.InRange(weight.std().item<float>(), 0.09f, 0.11f);
        }
    }

    [Fact]
    public void A_resumed_run_does_not_load_the_weights_again()
    {
        var recipe = Recipe(AttentionScheme.DividedSpaceTime, frames: 2, folder.File("image"), rate: 0.01);
        Train(Recipe(AttentionScheme.SpaceOnly, frames: 1), "image");
        var whole = Train(recipe, "whole");
        TrainUntil(1, recipe, "broken");
        Directory.Delete(folder.File("image"), recursive: true);

        int loaded = 0;
        var resumed = new Trainer(recipe, folder.File("broken")) { OnPretrained = _ => loaded++ }.Run();
        Assert.Equal(0, loaded);
        AssertSameRuns(whole, resumed);
    }

    [Fact]
    public void Colors_are_normalized_as_for_the_weights_unless_the_recipe_says_otherwise()
    {
        var image = Recipe(AttentionScheme.SpaceOnly, frames: 1);
        Train(image with { Data = image.Data with { Mean = [0.5, 0.4, 0.3], Std = [0.5] } }, "image");
        var recipe = Recipe(AttentionScheme.DividedSpaceTime, frames: 2, folder.File("image"));
        ClipNormalization Of(string run) => Pretrained.NormalizationOf(folder.File(run))!;

        Train(recipe, "video");
        TrainUntil(1, recipe, "resumed");
        Train(recipe, "resumed");
        Assert.Equal(new([0.5, 0.4, 0.3], [0.5]), Of("image"));
        Assert.Equal(Of("image"), Of("video"));
        Assert.Equal(Of("image"), Of("resumed"));
        Assert.Equal(Losses("video"), Losses("resumed"));
        Train(recipe with { Data = recipe.Data with { Mean = [0.45] } }, "other");
        Assert.Equal(ClipNormalization.Default, Of("other"));
        Assert.NotEqual(Losses("video"), Losses("other"));
    }

    [Fact]
    public void Missing_weights_are_named_before_the_run_starts()
    {
        var recipe = Recipe(AttentionScheme.DividedSpaceTime, frames: 2, folder.File("nowhere.pth"));
        Assert.Refused<RecipeException>($"model.pretrained is {folder.File("nowhere.pth")}: file not found", () => Train(recipe, "run"));
        Assert.False(Directory.Exists(folder.File("run")));
    }

    [Fact]
    public void A_path_is_relative_to_the_recipe_and_is_written_only_if_set()
    {
        Directory.CreateDirectory(folder.File("recipes"));
        File.WriteAllText(folder.File("recipes/a.yaml"), "{model: {pretrained: ../vit.pth}, data: {train: a.txt}}");
        Assert.Equal(folder.File("vit.pth"), RecipeFile.Load(folder.File("recipes/a.yaml")).Model.Pretrained);
        Assert.DoesNotContain("pretrained", RecipeFile.ToYaml(new Recipe()));
    }
}
