namespace TimeSformer.Tests.Training;

public sealed class FinetuningTests() : TrainingTests(videosPerClass: 1)
{
    private static readonly TimeSformerConfig image = TimeSformerConfig.Tiny with { Attention = AttentionScheme.SpaceOnly, Depth = 2 };

    [Fact]
    public void Held_out_are_whole_recordings_and_every_class_keeps_ten_videos()
    {
        var video = Gen.Choose(0, 2).Zip(Gen.Choose(0, 14));
        Prop.ForAll(video.ListOf(120).ToArbitrary(), drawn =>
        {
            VideoItem[] videos = [.. drawn.Select((one, k) => new VideoItem($"{k}", one.Item1))];
            int[] recordings = [.. drawn.Select(one => one.Item2)];
            var (train, heldOut) = Finetuning.Divide(videos, recordings);
            Assert.Equal(videos, train.Concat(heldOut).OrderBy(item => int.Parse(item.Path)));
            HashSet<int> Of(IEnumerable<VideoItem> part) => [.. part.Select(item => recordings[int.Parse(item.Path)])];
            Assert.Empty(Of(train).Intersect(Of(heldOut)));
            Assert.InRange(heldOut.Count, 0, 36);
            Assert.All(train.CountBy(item => item.Label), label => Assert.True(label.Value >= 10));
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void About_a_fifth_is_held_out_where_each_class_has_twenty_videos_and_else_none()
    {
        VideoItem[] videos = [.. Enumerable.Range(0, 100).Select(k => new VideoItem($"{k}", k % 4))];
        int[] recordings = [.. Enumerable.Range(0, 100).Select(k => k / 8)];
        Assert.InRange(Finetuning.Divide(videos, recordings).HeldOut.Count, 20, 30);
        Assert.Empty(Finetuning.Divide(videos, new int[100]).HeldOut);
        Assert.Empty(Finetuning.Divide(videos[..76], recordings[..76]).HeldOut);
    }

    [Theory]
    [InlineData(TrainedPart.All, 0.75, null)]
    [InlineData(TrainedPart.Head, 1, "head")]
    [InlineData(TrainedPart.Temporal, 1, "temporal, time_embed, head")]
    public void The_recipe_of_an_image_model_has_its_sizes_and_eight_frames_of_most_of_a_video(TrainedPart part, double decay, string? only)
    {
        var recipe = Plan(image, part).Recipe(Data.Train, "", stops: false, seconds: 4, count: 48, onCpu: true, rate: 2e-3, seed: 3);
        recipe.Validate();
        var config = (TimeSformerConfig)recipe.ModelConfig(8);
        Assert.Equal(
            (image.EmbedDim, image.Depth, image.PatchSize, 8), (config.EmbedDim, config.Depth, config.PatchSize, config.NumClasses));
        Assert.Equal((AttentionScheme.DividedSpaceTime, null), (config.Attention, config.EmbeddingStd));
        // 0.6 of four seconds at 30 frames per second, in 8 frames.
        Assert.Equal((8, 9, 32), (recipe.Data.NumFrames, recipe.Data.SamplingRate, recipe.Data.CropSize));
        var training = recipe.Training;
        Assert.Equal((20, 4, 2e-3, 3), (training.Epochs, training.BatchSize, training.LearningRate, training.Seed));
        Assert.Equal((decay, only), (recipe.Training.LayerDecay, recipe.Training.TrainOnly is { } names ? string.Join(", ", names) : null));
        // Another look at the weights changes nothing.
        Assert.Equal(config, RecipeFile.Parse(RecipeFile.ToYaml(recipe)).ModelConfig(8));
    }

    [Theory]
    [InlineData(10, 20), InlineData(100, 10), InlineData(5000, 6)]
    public void Epochs_are_so_many_that_about_a_thousand_clips_are_seen(int videos, int epochs)
    {
        var plan = Plan(image);
        Assert.Equal(epochs, plan.Recipe(Data.Train, "", false, 4, videos, true, 1e-3).Training.Epochs);
        Assert.Equal(3, (plan with { Epochs = 3 }).Recipe(Data.Train, "", false, 4, videos, true, 1e-3).Training.Epochs);
    }

    [Fact]
    public void A_video_model_keeps_its_clips_and_its_scheme()
    {
        var joint = TimeSformerConfig.Tiny with { Attention = AttentionScheme.JointSpaceTime, NumFrames = 4, Depth = 1 };
        var recipe = Plan(joint).Recipe(Data.Train, Data.Val, stops: true, seconds: 9, count: 500, onCpu: true, rate: 1e-3);
        Assert.Equal((4, 7, 32), (recipe.Data.NumFrames, recipe.Data.SamplingRate, recipe.Data.CropSize));
        Assert.Equal(AttentionScheme.JointSpaceTime, ((TimeSformerConfig)recipe.ModelConfig(5)).Attention);
        Assert.Equal((1, 3), (recipe.Training.EvalPeriod, recipe.Training.Patience));
        Assert.Refused<InputException>("no layers over time of its own", () =>
            Plan(joint, TrainedPart.Temporal).Recipe(Data.Train, "", false, 9, 500, true, 1e-3));
    }

    [Fact]
    public void A_scheme_that_a_video_model_does_not_have_is_refused()
    {
        var joint = TimeSformerConfig.Tiny with { Attention = AttentionScheme.JointSpaceTime, Depth = 1 };
        Recipe Of(VideoModelConfig config, AttentionScheme scheme) =>
            (Plan(config) with { Attention = scheme }).Recipe(Data.Train, "", false, 9, 500, true, 1e-3);
        Assert.Equal(AttentionScheme.Axial, Of(image, AttentionScheme.Axial).Model.Attention);
        Assert.Equal(AttentionScheme.JointSpaceTime, Of(joint, AttentionScheme.JointSpaceTime).Model.Attention);
        const string problem = "an attention scheme can be chosen for an image model's weights alone";
        Assert.Refused<InputException>(problem, () => Of(joint, AttentionScheme.Axial));
        Assert.Refused<InputException>(problem, () => Of(ViViTConfig.Tiny, AttentionScheme.JointSpaceTime));
    }

    [Fact]
    public void A_preset_named_pretrained_takes_the_sizes_of_the_weights()
    {
        ViViTConfig config = ViViTConfig.Tiny with { NumClasses = 7 };
        var weights = Written(config);
        var recipe = RecipeFile.Parse(
            $"model: {{preset: pretrained, pretrained: '{weights}'}}\ndata: {{train: a.txt, num_frames: 8, crop_size: 32}}");
        recipe.Validate();
        Assert.Equal(config with { NumClasses = 3 }, recipe.ModelConfig(3));
        Assert.Refused<RecipeException>(
            "model.pretrained is absent", () => RecipeFile.Parse("model: {preset: pretrained}\ndata: {train: a.txt}").Validate());
    }

    [Fact]
    public void Its_recipe_trains()
    {
        var recipe = (Plan(image) with { Epochs = 1 }).Recipe(
            Data.Train, Data.Val, stops: true, seconds: 0.6, count: 8, onCpu: true, rate: 1e-3);
        Assert.Equal(8, Train(recipe, "a").Validation!.Clips);
        Assert.All(Losses("a"), loss => Assert.True(double.IsFinite(loss)));
    }

    private Finetuning Plan(VideoModelConfig config, TrainedPart part = TrainedPart.All) => new(Written(config), part);

    // As a file of weights or, of a model that has seen videos, a checkpoint.
    private string Written(VideoModelConfig config)
    {
        using var model = config.Create();
        var path = folder.File($"{config.GetType().Name}.safetensors");
        if (config is TimeSformerConfig { Attention: AttentionScheme.SpaceOnly })
        {
            SafeTensors.Write(path, model.state_dict());
            return path;
        }
        using var optimizer = new SGD([new ParamGroup([.. model.parameters()], 1e-3)], 0, 0, false);
        var info = new ModelInfo(config, [.. Enumerable.Range(0, config.NumClasses).Select(k => $"c{k}")], 7);
        return Checkpoint.Save(folder.File("weights"), info, new(0, 0), model, optimizer);
    }
}
