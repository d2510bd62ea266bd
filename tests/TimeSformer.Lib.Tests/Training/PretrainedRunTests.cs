namespace TimeSformer.Tests.Training;

/// <summary>Runs that start from existing weights: <c>model.pretrained</c>.</summary>
public sealed class PretrainedRunTests : FolderTests
{
    public PretrainedRunTests() =>
        ProceduralVideos.Write(new(folder.File("data"), ProceduralFamily.Motion, TrainPerClass: 1, ValPerClass: 1));

    // The default learning rate is too small to change any weight: a run saves the weights it started from.
    private Recipe Recipe(AttentionScheme scheme, int frames, string? pretrained = null, double rate = 1e-30, double emaDecay = 0) => new()
    {
        Model = new() { Preset = "tiny", Attention = scheme, Pretrained = pretrained },
        Data = new()
        {
            Train = folder.File("data/train.txt"), NumFrames = frames, SamplingRate = 2, CropSize = 32, TrainJitterScales = [32, 36],
            NumWorkers = 0,
        },
        Training = new()
        {
            Epochs = 2, BatchSize = 8, LearningRate = rate, WeightDecay = 0, Steps = [0], StepFactors = [1], EmaDecay = emaDecay,
        },
    };

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void A_video_model_starts_with_the_predictions_of_its_image_model(double emaDecay)
    {
        using var scope = NewDisposeScope();
        new Trainer(Recipe(AttentionScheme.SpaceOnly, frames: 1, rate: 0.01), folder.File("image")).Run();
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
    public void A_resumed_run_does_not_load_the_weights_again()
    {
        var recipe = Recipe(AttentionScheme.DividedSpaceTime, frames: 2, folder.File("image"), rate: 0.01);
        new Trainer(Recipe(AttentionScheme.SpaceOnly, frames: 1), folder.File("image")).Run();
        new Trainer(recipe, folder.File("whole")).Run();
        using var stop = new CancellationTokenSource();
        new Trainer(recipe, folder.File("broken")) { OnStep = _ => stop.Cancel() }.Run(stop.Token);
        Directory.Delete(folder.File("image"), recursive: true);

        int loaded = 0;
        new Trainer(recipe, folder.File("broken")) { OnPretrained = _ => loaded++ }.Run();
        Assert.Equal(0, loaded);
        byte[] Weights(string run) => File.ReadAllBytes(folder.File($"{run}/checkpoint-00000002/model.safetensors"));
        Assert.Equal(Weights("whole"), Weights("broken"));
    }

    [Fact]
    public void Missing_weights_are_named_before_the_run_starts()
    {
        var recipe = Recipe(AttentionScheme.DividedSpaceTime, frames: 2, folder.File("nowhere.pth"));
        var error = Assert.Throws<RecipeException>(() => new Trainer(recipe, folder.File("run")).Run());
        Assert.Contains($"model.pretrained is {folder.File("nowhere.pth")}: file not found", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("run")));
    }

    [Fact]
    public void A_path_is_relative_to_the_recipe_and_is_written_only_if_set()
    {
        Directory.CreateDirectory(folder.File("recipes"));
        File.WriteAllText(folder.File("recipes/a.yaml"), "{model: {pretrained: ../vit.pth}, data: {train: a.txt}}");
        Assert.Equal(folder.File("vit.pth"), RecipeFile.Load(folder.File("recipes/a.yaml")).Model.Pretrained);
        Assert.DoesNotContain("pretrained", RecipeFile.ToYaml(new Recipe()), StringComparison.Ordinal);
        var empty = Assert.Throws<RecipeException>(() => RecipeFile.Parse("model: {pretrained: ''}"));
        Assert.Contains("model.pretrained is empty", empty.Message, StringComparison.Ordinal);
    }
}
