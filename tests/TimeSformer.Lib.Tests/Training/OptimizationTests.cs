using TorchSharp;

namespace TimeSformer.Tests.Training;

/// <summary>Optimization beyond the official steps: schedules, parameter groups, moving averages.</summary>
public sealed class OptimizationTests : TrainingTests
{
    private static readonly OptimizationRecipe cosine = new()
    {
        Policy = LearningRatePolicy.Cosine, Epochs = 196, LearningRate = 0.8, WarmupEpochs = 34, WarmupLearningRate = 0.01,
    };

    [SkippableFact]
    public void The_learning_rate_follows_the_official_schedules()
    {
        var lr = JsonNode.Parse(File.ReadAllText(Shared.Require("reference", "more", "sampling_and_schedule.json")))!["lr"]!;
        foreach (var (name, recipe) in new[] { ("timesformer_steps", new OptimizationRecipe()), ("slowfast_cosine_warmup", cosine) })
        {
            foreach (var point in lr[name]!.AsArray())
            {
                Assert.Equal((double)point![1]!, LearningRateSchedule.At(recipe, (double)point[0]!), 1e-15);
            }
        }
    }

    [Theory]
    [InlineData(0, 0.01), InlineData(0.5, 0.02076554566473733), InlineData(34, 0.7420571052021385), InlineData(196, 0)]
    public void Warmup_leads_up_to_the_cosine(double epoch, double rate) =>
        Assert.Equal(rate, LearningRateSchedule.At(cosine, epoch), 1e-15);

    [Fact]
    public void The_cosine_ends_at_the_final_learning_rate() =>
        Assert.Equal(0.002, LearningRateSchedule.At(cosine with { FinalLearningRate = 0.002 }, 196), 1e-15);

    [Fact]
    public void Warmup_leads_up_to_steps_too()
    {
        var recipe = new OptimizationRecipe { WarmupEpochs = 2, WarmupLearningRate = 0.001 };
        var rates = new[] { 0.0, 1, 2 }.Select(epoch => LearningRateSchedule.At(recipe, epoch));
        Assert.Equal([0.001, 0.003, 0.005], rates, (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void A_base_batch_size_scales_the_learning_rate_with_the_batch_size() =>
        Assert.Equal(0.02, LearningRateSchedule.At(new() { BatchSize = 32, BaseBatchSize = 8 }, 0), 1e-15);

    [Fact]
    public void Options_at_their_defaults_are_not_written_and_others_round_trip()
    {
        string[] options =
        [
            "lr_policy", "cosine_end_lr", "warmup_epochs", "warmup_start_lr", "base_batch_size", "micro_batch_size", "ema_decay",
            "layer_decay", "train_only", "beta1", "beta2", "precision", "activation_checkpointing",
        ];
        var plain = RecipeFile.ToYaml(new Recipe());
        Assert.All(options, key => Assert.DoesNotContain($"  {key}:", plain));
        var recipe = RecipeFile.Parse("""
            training: {lr_policy: cosine, cosine_end_lr: 1e-6, warmup_epochs: 0.5, warmup_start_lr: 1e-5, base_batch_size: 64,
              micro_batch_size: 2, ema_decay: 0.99, layer_decay: 0.75, train_only: [head, time], beta1: 0.8, beta2: 0.95,
              precision: bfloat16, activation_checkpointing: true}
            """);
        var written = RecipeFile.ToYaml(recipe);
        Assert.All(options, key => Assert.Contains($"  {key}:", written));
        Assert.Equal(written, RecipeFile.ToYaml(RecipeFile.Parse(written)));
    }

    [Theory]
    [InlineData("head.weight", 1)]
    [InlineData("norm.bias", 1)]
    [InlineData("blocks.11.mlp.fc1.weight", 0.5)]
    [InlineData("blocks.0.norm1.weight", 1.0 / 4096)]
    [InlineData("patch_embed.proj.weight", 1.0 / 8192)]
    [InlineData("time_embed", 1)]
    public void Layer_decay_lowers_the_learning_rate_toward_the_input(string name, double scale)
    {
        using var model = new TimeSformerModel(TimeSformerConfig.Tiny with { Depth = 12 });
        Assert.Equal(scale, ParameterGroups.LearningRateScale(model, name, decay: 0.5));
    }

    [Fact]
    public void Each_parameter_group_has_its_scaled_learning_rate()
    {
        using var model = Model();
        using var trained = new ParameterGroups(model, new() { LayerDecay = 0.5 });
        trained.SetLearningRate(0.8);
        var rates = trained.Optimizer.ParamGroups.Select(group => group.LearningRate).Order().ToArray();
        Assert.Equal([0.025, 0.05, 0.1, 0.2, 0.4, 0.8], rates, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(model.parameters().Count(), trained.Optimizer.ParamGroups.Sum(group => group.Parameters.Count));
    }

    [Fact]
    public void A_train_only_entry_that_matches_no_parameter_is_refused()
    {
        using var model = Model();
        Assert.Refused<RecipeException>(
            "'haed', which is in no parameter's name; "
                + "the names are cls_token, pos_embed, time_embed, patch_embed.proj, norm, head, blocks.0",
            () => _ = new ParameterGroups(model, new() { TrainOnly = ["haed"] }));
    }

    [Fact]
    public void Train_only_changes_just_the_named_parameters()
    {
        var start = Weights(new() { Epochs = 1, LearningRate = 1e-9, WeightDecay = 0 });
        var end = Weights(new() { Epochs = 1, LearningRate = 0.1, TrainOnly = ["head", "temporal_fc"] });
        var changed = start.Zip(end).Where(pair => (pair.First.Value - pair.Second.Value).abs().max().item<float>() > 1e-6)
            .Select(pair => pair.First.Key).ToList();
        Assert.Contains("head.weight", changed);
        Assert.Contains("blocks.3.temporal_fc.bias", changed);
        Assert.All(changed, name => Assert.Matches(@"^head\.|temporal_fc", name));
    }

    [Fact]
    public void Micro_batches_take_the_step_of_the_whole_batch()
    {
        var whole = Weights(new() { Epochs = 1, BatchSize = 8, LearningRate = 0.05 });
        var parts = Weights(new() { Epochs = 1, BatchSize = 8, LearningRate = 0.05, MicroBatchSize = 3 });
        // Only rounding differs: three steps of 0.05 times a gradient's last digits.
        Assert.All(whole, weight => Assert.InRange((weight.Value - parts[weight.Key]).abs().max().item<float>(), 0, 2e-6));
    }

    [Fact]
    public void The_moving_average_follows_the_weights_with_a_growing_decay()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var average = new ModelEma(model, decay: 0.2);
        var (weight, mean) = (model.get_parameter("head.bias")!, average.Model.get_parameter("head.bias")!);
        Assert.True(weight.Equals(mean));
        using var _ = no_grad();
        weight.fill_((Scalar)11);
        average.Update(model, step: 1); // 2/11 of 0
        Assert.All(mean.data<float>(), value => Assert.Equal(9, value, 1e-5));
        average.Update(model, step: 2); // a fifth of 9, as 3/12 is above the decay
        Assert.All(mean.data<float>(), value => Assert.Equal((0.2 * 9) + (0.8 * 11), value, 1e-5));
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, 3)]
    [InlineData(OptimizerKind.AdamW, 2)]
    [InlineData(OptimizerKind.AdamW, 4)]
    public void A_run_with_every_option_resumes_bit_for_bit(OptimizerKind optimizer, int after) => AssertResumes(
        Recipe(new()
        {
            Epochs = 2, BatchSize = 8, MicroBatchSize = 4, Optimizer = optimizer, LearningRate = 1e-3, Policy = LearningRatePolicy.Cosine,
            WarmupEpochs = 0.5, EmaDecay = 0.9, LayerDecay = 0.8, TrainOnly = ["blocks.1", "blocks.3", "head", "time_embed"],
            ClipGradNorm = 1, MixupAlpha = 0.8,
        }),
        after);

    [Fact]
    public void The_moving_average_is_evaluated_and_saved()
    {
        var result = Train(Recipe(new() { Epochs = 1, BatchSize = 8, LearningRate = 0.05, EmaDecay = 0.5 }), "run");
        var (model, info) = Checkpoint.LoadModel(result.Checkpoint);
        using var _ = model;
        var after = Evaluator.Run(model, VideoList.Read(Data.Val), info.Clip, batchSize: 8, workers: 1);
        Assert.Equal(result.Validation!.Loss, after.Loss, 1e-6);
        using var last = SafeTensorsFile.Open(Path.Combine(result.Checkpoint, "training.safetensors"));
        using var trained = last.Read("weights.head.weight");
        Assert.False(trained.Equals(model.get_parameter("head.weight")!));
    }

    private static TimeSformerModel Model() => new(((TimeSformerConfig)Preset.Find("tiny")!.Model));

    // Without dropout.
    private protected override Recipe Recipe(OptimizationRecipe training) =>
        base.Recipe(training) with { Model = new() { Preset = "tiny", DropPathRate = 0 } };

    // After training on three videos per class.
    private Dictionary<string, Tensor> Weights(OptimizationRecipe training)
    {
        var run = Train(Recipe(training), Path.GetRandomFileName());
        using var file = SafeTensorsFile.Open(Path.Combine(run.Checkpoint, "model.safetensors"));
        return file.ReadAll();
    }
}
