using TimeSformer.Costs;
using TimeSformer.Interpretation;
using TimeSformer.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TimeSformer.Tests.Costs;

/// <summary>Predicted costs against the paper's figures, and against the operations and the memory of a running model.</summary>
public sealed class CostModelTests() : TensorTests(gradients: true)
{
    [Theory, InlineData("base", 0.59), InlineData("hr", 5.11), InlineData("l", 7.14)]
    public void Three_crops_cost_the_papers_tera_multiply_adds(string preset, double tera) =>
        Assert.Equal(tera, 3 * CostModel.Of(((TimeSformerConfig)Preset.Find(preset)!.Model)).MultiplyAdds / 1e12, precision: 2);

    [Theory, Each<AttentionScheme>]
    public void Predicted_parameters_and_multiply_adds_equal_those_of_a_running_model(AttentionScheme scheme)
    {
        using var composed = CpuKernels.Off();
        // The clip is not square, its frame count is odd, and its sizes are not those of the embeddings.
        var config = TimeSformerConfig.Tiny with { Attention = scheme, NumClasses = 6, NumFrames = 4 };
        var cost = CostModel.Of(config, frames: 5, height: 24, width: 56);
        using var model = new TimeSformerModel(config);
        model.eval();
        long counted = 0;
        foreach (var layer in model.modules().OfType<Module<Tensor, Tensor>>().Where(layer => layer is Linear { } or Conv2d { }))
        {
            layer.register_forward_hook((_, _, output) =>
            {
                var weight = layer.get_parameter("weight")!;
                counted += output.numel() * weight.numel() / weight.shape[0];
                return output;
            });
        }
        var clip = randn(new long[] { 1, 3, 5, 24, 56 });
        model.call(clip);
        long layers = counted, products = 0;
        // Each attention weight takes the dot product of a query and a key of one head, and multiplies one value vector.
        foreach (var map in AttentionRecorder.Record(model, clip).Maps)
        {
            using (map) products += map.Groups.Sum(group => group.Weights.numel()) * 2 * config.EmbedDim / config.NumHeads;
        }
        Assert.Equal(layers + products, cost.MultiplyAdds);
        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), cost.Parameters);
    }

    [Theory, Each<AttentionScheme>]
    public void Predicted_memory_is_within_15_percent_of_that_of_a_training_step_however_it_is_computed(AttentionScheme scheme)
    {
        foreach (var (preset, batch) in new[] { ("tiny", 32), ("tiny", 1), ("small", 2) })
        {
            var config = ((TimeSformerConfig)Preset.Find(preset)!.Model) with { Attention = scheme, NumClasses = 8, DropPathRate = 0 };
            foreach (var computation in Enum.GetValues<Computation>())
            {
                long measured = Measured(config, batch, computation), predicted = CostModel.Of(config, computation).TrainingMemory(batch);
                Assert.InRange(measured, predicted / 1.15, predicted / 0.85);
            }
        }
    }

    [Theory]
    [InlineData(AttentionScheme.JointSpaceTime, 8, 224)]
    [InlineData(AttentionScheme.JointSpaceTime, 32, 112)]
    [InlineData(AttentionScheme.DividedSpaceTime, 32, 112)]
    public void Predicted_memory_holds_on_the_way_to_the_wall_where_attention_weights_are_most_of_it(
        AttentionScheme scheme, int frames, int size)
    {
        var config = TimeSformerConfig.Small with { Attention = scheme, Depth = 3, NumFrames = frames, ImageSize = size, NumClasses = 8 };
        long[] measured = [.. Enum.GetValues<Computation>().Select(computation => Measured(config, 1, computation))];
        long[] predicted = [.. Enum.GetValues<Computation>().Select(computation => CostModel.Of(config, computation).TrainingMemory(1))];
        Assert.All(measured.Zip(predicted), pair => Assert.InRange(pair.First, pair.Second / 1.15, pair.Second / 0.85));
        double saved = (double)measured[0] / measured[2];
        Assert.True(scheme is AttentionScheme.JointSpaceTime == saved > 3, $"composed takes {saved:0.0} times the memory of fused");
    }

    [Fact]
    public void Divided_attention_grows_more_slowly_than_joint_with_frames_and_pixels()
    {
        var joint = TimeSformerConfig.Base with { Attention = AttentionScheme.JointSpaceTime };
        static double Cost(TimeSformerConfig config, int frames, int size) => CostModel.Of(config, frames, size, size).MultiplyAdds;
        double Ratio(int frames, int size) => Cost(joint, frames, size) / Cost(TimeSformerConfig.Base, frames, size);
        Assert.True(Ratio(8, 224) < Ratio(32, 224) && Ratio(32, 224) < Ratio(96, 224));
        Assert.True(Ratio(8, 224) < Ratio(8, 448) && Ratio(8, 448) < Ratio(8, 560));
    }

    [Fact]
    public void Clips_that_do_not_divide_into_patches_are_refused() =>
        Assert.Refused<InputException>("patches of 16x16", () => CostModel.Of(TimeSformerConfig.Base, 8, 224, 230));

    private static long Measured(TimeSformerConfig config, int batch, Computation computation)
    {
        using var kernels = computation is Computation.FusedSteps ? null : CpuKernels.Off();
        using var attention = computation is Computation.Composed ? FusedAttention.Off() : null;
        using var model = new TimeSformerModel(config);
        using var clip = randn(new long[] { batch, 3, config.NumFrames, config.ImageSize, config.ImageSize });
        using var label = zeros(new long[] { batch }, ScalarType.Int64);
        KernelFunctions.Release();
        return MemoryMeter.Peak(() =>
        {
            using var scope = NewDisposeScope();
            functional.cross_entropy(model.call(clip), label).backward();
        });
    }
}
