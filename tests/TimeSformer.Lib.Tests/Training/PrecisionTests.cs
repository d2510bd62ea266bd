using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TimeSformer.Tests.Training;

/// <summary>Mixed-precision training, and the scaling of a loss whose gradients would underflow.</summary>
public sealed class PrecisionTests : TrainingTests
{
    private static readonly OptimizationRecipe checkpointedBfloat16 = new()
    {
        BatchSize = 8, LearningRate = 0.01, Precision = Precision.Bfloat16, ActivationCheckpointing = true,
    };

    [Fact]
    public void Products_are_bfloat16_only_inside_autocast()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(4, 4);
        var x = randn(2, 4);
        using (Autocast.Begin(Precision.Bfloat16, CPU))
        {
            Assert.Equal(ScalarType.BFloat16, layer.call(x).dtype);
            using (Autocast.Begin(Precision.Bfloat16, CPU)) Assert.Equal(ScalarType.BFloat16, layer.call(x).dtype);
            Assert.Equal(ScalarType.BFloat16, layer.call(x).dtype);
            Assert.Null(Autocast.Begin(Precision.Float32, CPU));
            var elsewhere = new Thread(() => Assert.Equal(ScalarType.Float32, layer.call(x).dtype));
            elsewhere.Start();
            elsewhere.Join();
        }
        Assert.Equal(ScalarType.Float32, layer.call(x).dtype);
    }

    [Fact]
    public void Cast_weights_do_not_outlive_autocast()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(4, 4);
        var x = randn(2, 4);
        // If kept, a cast made without gradients would cut the weight off from the loss, and one of the old weight would survive a step.
        using (no_grad())
        using (Autocast.Begin(Precision.Bfloat16, CPU)) layer.call(x);
        Tensor before, after;
        using (Autocast.Begin(Precision.Bfloat16, CPU)) before = layer.call(x);
        before.to_type(ScalarType.Float32).sum().backward();
        Assert.NotNull(layer.weight!.grad);
        using (no_grad()) layer.weight.mul_((Scalar)2);
        using (Autocast.Begin(Precision.Bfloat16, CPU)) after = layer.call(x);
        Assert.False(before.Equals(after));
    }

    [Fact]
    public void Float16_on_the_cpu_is_refused_before_the_run_starts()
    {
        var error = Assert.Throws<InputException>(() => Train(Recipe(new() { Precision = Precision.Float16 }), "run"));
        Assert.Equal("training.precision is float16, which needs a CUDA device; on the CPU, take bfloat16 or float32", error.Message);
        Assert.False(Directory.Exists(folder.File("run")));
    }

    [Theory, InlineData(Precision.Bfloat16), InlineData(Precision.Bfloat16Weights)]
    public void A_bfloat16_run_learns_like_a_float32_run(Precision precision)
    {
        var options = new OptimizationRecipe { Epochs = 10, BatchSize = 8, LearningRate = 0.05, ClipGradNorm = 1 };
        // Without dropout, whose random numbers depend on the type.
        var exact = Recipe(options) with { Model = new() { Preset = "tiny", DropPathRate = 0 } };
        Train(exact, "float32");
        Train(exact with { Training = exact.Training with { Precision = precision } }, "bfloat16");
        var (single, half) = (Losses("float32"), Losses("bfloat16"));
        Assert.Equal(single.Count, half.Count);
        Assert.NotEqual(single[0], half[0]);
        // A logit sums products with errors of 2^-9 each, which average out: a loss of about 2 stays within 2^-7 of the float32 one,
        // at the tenth epoch too. With bfloat16 weights the residual sums are rounded as well, which doubles the errors.
        double bound = Math.Pow(2, precision is Precision.Bfloat16 ? -6 : -5);
        Assert.All(single.Zip(half), pair => Assert.Equal(pair.First, pair.Second, bound));
        Assert.True(half.TakeLast(3).Average() < 0.8 * half.Take(3).Average());
    }

    [Theory]
    [InlineData(Precision.Float32, OptimizerKind.Sgd)]
    [InlineData(Precision.Bfloat16, OptimizerKind.AdamW)]
    [InlineData(Precision.Bfloat16Weights, OptimizerKind.AdamW)]
    public void Activation_checkpointing_leaves_a_run_bit_for_bit_the_same(Precision precision, OptimizerKind optimizer)
    {
        var options = new OptimizationRecipe
        {
            Epochs = 2, BatchSize = 8, MicroBatchSize = 3, Optimizer = optimizer, LearningRate = 1e-3, MixupAlpha = 0.8, EmaDecay = 0.9,
            ClipGradNorm = 1, LabelSmoothing = 0.1, Precision = precision,
            TrainOnly = precision is Precision.Float32 ? null : ["blocks.1", "blocks.3", "head"],
        };
        AssertSameRuns(Train(Recipe(options), "plain"), Train(Recipe(options with { ActivationCheckpointing = true }), "checkpointed"));
    }

    [Fact]
    public void A_bfloat16_run_with_activation_checkpointing_resumes_bit_for_bit() =>
        AssertResumes(Recipe(checkpointedBfloat16 with { Epochs = 2 }), after: 2);

    [Fact]
    public void Bfloat16_steps_with_activation_checkpointing_leak_no_tensors() =>
        AssertStepsLeakNoTensors(Recipe(checkpointedBfloat16 with { Epochs = 12, MicroBatchSize = 4 }));

    [Theory, InlineData(OptimizerKind.Sgd, 3), InlineData(OptimizerKind.AdamW, 2)]
    public void A_run_of_bfloat16_weights_with_every_option_resumes_bit_for_bit(OptimizerKind optimizer, int after) => AssertResumes(
        Recipe(new()
        {
            Epochs = 2, BatchSize = 8, MicroBatchSize = 4, Optimizer = optimizer, LearningRate = 1e-3, EmaDecay = 0.9, LayerDecay = 0.8,
            TrainOnly = ["blocks.1", "blocks.3", "head"], ClipGradNorm = 1, MixupAlpha = 0.8, Precision = Precision.Bfloat16Weights,
        }),
        after);

    [Fact]
    public void A_checkpoint_of_bfloat16_weights_holds_them_in_float32()
    {
        var options = new OptimizationRecipe { Epochs = 1, BatchSize = 8, LearningRate = 1e-3, Precision = Precision.Bfloat16Weights };
        var run = Train(Recipe(options), "run");
        var (model, info) = Checkpoint.LoadModel(run.Checkpoint);
        using var _ = model;
        Assert.All(model.parameters(), weight => Assert.Equal(ScalarType.Float32, weight.dtype));
        Assert.Contains(model.parameters(), weight => !weight.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32).Equals(weight));
        var after = Evaluator.Run(model, VideoList.Read(Data.Val), info.Clip, 8, workers: 1, precision: Precision.Bfloat16Weights);
        Assert.Equal(run.Validation!.Loss, after.Loss, 1e-6);
    }

    [Fact]
    public void Steps_of_bfloat16_weights_leak_no_tensors() => AssertStepsLeakNoTensors(Recipe(new()
    {
        Epochs = 12, BatchSize = 8, LearningRate = 0.01, MicroBatchSize = 4, ClipGradNorm = 1, Precision = Precision.Bfloat16Weights,
    }));

    [Fact]
    public void A_diverged_run_says_so_and_its_log_stays_readable()
    {
        var recipe = Recipe(new() { Epochs = 3, BatchSize = 8, LearningRate = 1e30 });
        Assert.Refused<RecipeException>("lower training.lr", () => Train(recipe, "run"));
        var last = JsonNode.Parse(File.ReadLines(folder.File("run/log.jsonl")).Last())!.AsObject();
        Assert.False(last.ContainsKey("loss"));
        Assert.NotNull(RunSummary.Read(folder.File("run"))!.Loss);
    }

    [Fact]
    public void The_loss_scale_doubles_after_2000_finite_steps_and_halves_after_a_skipped_one()
    {
        var scale = new GradScaler();
        for (int step = 0; step < 1999; step++) scale = scale.update(finite: true);
        Assert.Equal(new GradScaler(65536, 1999, 0), scale);
        Assert.Equal(new GradScaler(131072, 0, 0), scale.update(finite: true));
        Assert.Equal(new GradScaler(32768, 0, 1), scale.update(finite: false));
        Assert.Equal(new GradScaler(32768, 1, 1), scale.update(finite: false).update(finite: true));
    }

    [Fact]
    public void A_loss_scale_that_cannot_fall_further_ends_the_run()
    {
        var scale = new GradScaler();
        for (int step = 0; step < 16; step++) scale = scale.update(finite: false);
        Assert.Equal(1, scale.Scale);
        Assert.Equal(
            "gradients are not finite even without scaling the loss (16 steps were skipped); "
            + "lower training.lr, or take training.precision: bfloat16",
            Assert.Throws<InputException>(() => scale.update(finite: false)).Message);
    }

    [Theory, InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity), InlineData(float.NaN)]
    public void A_single_gradient_that_is_not_finite_is_detected(float value)
    {
        using var scope = NewDisposeScope();
        using var layers = Sequential(Linear(3, 4), Linear(4, 2));
        var scale = new GradScaler();
        (layers.call(randn(5, 3)).sum() * scale.Scale).backward();
        Assert.True(scale.unscale_(layers.parameters()));
        layers.parameters().Last().grad![1] = tensor(value);
        Assert.False(scale.unscale_(layers.parameters()));
    }

    [Fact]
    public void Gradients_of_a_scaled_loss_are_unscaled_exactly()
    {
        using var scope = NewDisposeScope();
        using var layers = Sequential(Linear(3, 4), ReLU(), Linear(4, 2));
        var x = randn(5, 3);
        layers.call(x).pow(2).sum().backward();
        var plain = layers.parameters().Select(weight => weight.grad!.clone()).ToList();
        layers.zero_grad();
        var scale = new GradScaler();
        (layers.call(x).pow(2).sum() * scale.Scale).backward();
        Assert.True(scale.unscale_(layers.parameters().Append(new Parameter(zeros(1)))));
        Assert.All(layers.parameters().Zip(plain), pair => Assert.True(pair.First.grad!.Equals(pair.Second)));
    }

    [Fact]
    public void A_checkpoint_stores_the_loss_scale_only_if_the_run_has_one()
    {
        using var model = new TimeSformerModel(TimeSformerConfig.Tiny with { NumClasses = 2 });
        using var optimizer = new TimeSformer.Torch.SGD(model.parameters(), 0.1);
        var (info, point) = (new ModelInfo(model.Config, ["a", "b"], 4), new ResumePoint(Step: 3, Epoch: 0));
        var plain = Checkpoint.Save(folder.File("plain"), info, point, model, optimizer);
        Assert.Null(Checkpoint.ReadResumePoint(plain).LossScale);
        Assert.DoesNotContain("loss_scale", File.ReadAllText(Path.Combine(plain, "checkpoint.json")));
        var scaled = Checkpoint.Save(folder.File("scaled"), info, point with { LossScale = new(1024, 77, 6) }, model, optimizer);
        Assert.Equal(new GradScaler(1024, 77, 6), Checkpoint.ReadResumePoint(scaled).LossScale);
    }
}
