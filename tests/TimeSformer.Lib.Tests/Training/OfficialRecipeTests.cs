namespace TimeSformer.Tests.Training;

/// <summary>
/// The recipes in experiments/recipes against the official repository's files and, for the keys they leave out, its config/defaults.py.
/// </summary>
public sealed class OfficialRecipeTests
{
    [Theory]
    [InlineData("k400-base", 8, 32, 224, 256, 320)] // configs/Kinetics/TimeSformer_divST_8x32_224.yaml
    [InlineData("k400-hr", 16, 16, 448, 448, 512)] // configs/Kinetics/TimeSformer_divST_16x16_448.yaml
    [InlineData("k400-l", 96, 4, 224, 256, 320)] // configs/Kinetics/TimeSformer_divST_96x4_224.yaml
    [InlineData("k400-space-only", 8, 32, 224, 256, 320, AttentionScheme.SpaceOnly)] // configs/Kinetics/TimeSformer_spaceOnly_8x32_224.yaml
    [InlineData("k400-joint", 8, 32, 224, 256, 320, AttentionScheme.JointSpaceTime)] // configs/Kinetics/TimeSformer_jointST_8x32_224.yaml
    [InlineData("ssv2-base", 8, 0, 224, 256, 320)] // configs/SSv2/TimeSformer_divST_8_224.yaml; datasets/ssv2.py samples the whole video
    [InlineData("ssv2-hr", 16, 0, 448, 448, 512)] // configs/SSv2/TimeSformer_divST_16_448.yaml
    [InlineData("ssv2-l", 64, 0, 224, 256, 320)] // configs/SSv2/TimeSformer_divST_64_224.yaml
    public void A_recipe_has_the_official_values(
        string name, int frames, int rate, int crop, int smallest, int largest,
        AttentionScheme attention = AttentionScheme.DividedSpaceTime)
    {
        var recipe = RecipeFile.Load(Path.Combine(Folder, $"{name}.yaml"));
        var (data, training, ssv2) = (recipe.Data, recipe.Training, name.StartsWith("ssv2"));
        // DATA
        Assert.Equal((frames, rate, crop), (data.NumFrames, data.SamplingRate, data.CropSize));
        Assert.Equal([smallest, largest], data.TrainJitterScales);
        Assert.Equal((ssv2, !ssv2), (data.InvUniformSample, data.RandomFlip));
        // TEST
        Assert.Equal((1, 3), (data.NumEnsembleViews, data.NumSpatialCrops));
        // DATA.AUTO_AUGMENT, RE_PROB, MIXUP.ENABLED
        Assert.Equal((0, 0.0, 0.0, 0.0), (data.RandAugmentNumOps, data.ReProb, training.MixupAlpha, training.LabelSmoothing));
        // SOLVER.MAX_EPOCH, TRAIN.BATCH_SIZE, TRAIN.EVAL_PERIOD
        Assert.Equal((15, 8, 5), (training.Epochs, training.BatchSize, training.EvalPeriod));
        // SOLVER.OPTIMIZING_METHOD, BASE_LR, MOMENTUM, NESTEROV, WEIGHT_DECAY
        Assert.Equal(
            (OptimizerKind.Sgd, 0.005, 0.9, true, 1e-4),
            (training.Optimizer, training.LearningRate, training.Momentum, training.Nesterov, training.WeightDecay));
        // SOLVER.LR_POLICY, WARMUP_EPOCHS, STEPS, LRS
        Assert.Equal(
            (LearningRatePolicy.Steps, 0.0, 0, 0.0),
            (training.Policy, training.WarmupEpochs, training.BaseBatchSize, training.ClipGradNorm));
        Assert.Equal([0, 11, 14], training.Steps);
        Assert.Equal([1, 0.1, 0.01], training.StepFactors);
        Assert.Equal((1.0, 0.0, null), (training.LayerDecay, training.EmaDecay, training.TrainOnly));

        // MODEL.NUM_CLASSES, ATTENTION_TYPE; models/vit.py
        var model = (TimeSformerConfig)recipe.ModelConfig(ssv2 ? 174 : 400);
        Assert.Equal(
            (attention, 768, 12, 12, 16, 0.1, 0.0),
            (model.Attention, model.EmbedDim, model.Depth, model.NumHeads, model.PatchSize, model.DropPathRate, model.DropRate));
        Assert.NotNull(recipe.Model.Pretrained);
    }

    [Theory]
    [InlineData("k400-base", "base")]
    [InlineData("k400-hr", "hr")]
    [InlineData("k400-l", "l")]
    [InlineData("ssv2-base", "base-ssv2")]
    [InlineData("ssv2-hr", "hr-ssv2")]
    [InlineData("ssv2-l", "l-ssv2")]
    public void A_preset_alone_implies_the_clips_of_its_recipe(string name, string preset)
    {
        var full = RecipeFile.Load(Path.Combine(Folder, $"{name}.yaml"));
        Assert.Equal(preset, full.Model.Preset);
        var (expected, data) = (full.Data, RecipeFile.Parse($"model: {{preset: {preset}}}").Data);
        Assert.Equal((expected.NumFrames, expected.SamplingRate, expected.CropSize), (data.NumFrames, data.SamplingRate, data.CropSize));
        Assert.Equal(expected.TrainJitterScales, data.TrainJitterScales);
    }

    [Fact]
    public void Every_recipe_is_covered() =>
        Assert.Equal(
            ["k400-base", "k400-hr", "k400-joint", "k400-l", "k400-space-only", "ssv2-base", "ssv2-hr", "ssv2-l"],
            Directory.GetFiles(Folder, "*.yaml").Select(Path.GetFileNameWithoutExtension).Order());

    [Fact]
    public void Missing_data_is_reported_in_one_line_that_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        string Message(string name, Func<Recipe, Recipe> change) => Assert.ThrowsAny<Exception>(() =>
        {
            var recipe = new RecipeInputs(folder.Path).Prepare(change(RecipeFile.Load(Path.Combine(Folder, $"{name}.yaml"))));
            new Trainer(recipe, folder.File("run")).Run();
        }).Message;

        var list = Message("k400-base", recipe => recipe with { Data = recipe.Data with { Train = folder.File("train.csv") } });
        Assert.Equal(
            $"data.train is {folder.File("train.csv")}: list not found; "
            + "'./timesformer data sources' says where to get data sets, data/README.md how to list them",
            list);
        var root = Message("ssv2-base", recipe => recipe with { Data = recipe.Data with { Root = folder.File("ssv2") } });
        Assert.StartsWith($"{folder.File("ssv2")}: folder not found; the videos", root);
        Assert.DoesNotContain('\n', root);
        Assert.False(Directory.Exists(folder.File("run")));
    }

    private static string Folder => Path.Combine(Repository.Root, "experiments", "recipes");
}
