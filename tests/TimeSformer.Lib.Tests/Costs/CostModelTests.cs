using TimeSformer.Costs;
using TimeSformer.Interpretation;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Tests.Costs;

/// <summary>Predicted costs against the paper's figures, against operations that a running model makes, and against memory that it takes.</summary>
public sealed class CostModelTests
{
    public static TheoryData<AttentionScheme> Schemes => new(Enum.GetValues<AttentionScheme>());

    public static TheoryData<AttentionScheme, string, int> Trainings
    {
        get
        {
            var data = new TheoryData<AttentionScheme, string, int>();
            foreach (var scheme in Enum.GetValues<AttentionScheme>())
            {
                foreach (var (preset, batch) in new[] { ("tiny", 32), ("tiny", 1), ("small", 2) }) data.Add(scheme, preset, batch);
            }
            return data;
        }
    }

    [Theory]
    [InlineData("base", 0.59)]
    [InlineData("hr", 5.11)]
    [InlineData("l", 7.14)]
    public void Three_crops_take_the_papers_tera_multiply_adds(string preset, double tera) =>
        Assert.Equal(tera, 3 * CostModel.Of(Preset.Find(preset)!.Model).MultiplyAdds / 1e12, precision: 2);

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Predicted_parameters_and_multiply_adds_are_those_of_a_running_model(AttentionScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        // Neither square nor even, and not the sizes that the embeddings are made for.
        var config = TimeSformerConfig.Tiny with { Attention = scheme, NumClasses = 6, NumFrames = 4 };
        var cost = CostModel.Of(config, frames: 5, height: 24, width: 56);
        using var model = new TimeSformerModel(config);
        model.eval();
        long counted = 0;
        foreach (var linear in model.modules().OfType<Linear>())
        {
            linear.register_forward_hook((_, _, output) =>
            {
                counted += output.numel() * linear.weight!.shape[1];
                return output;
            });
        }
        foreach (var convolution in model.modules().OfType<Conv2d>())
        {
            convolution.register_forward_hook((_, _, output) =>
            {
                counted += output.numel() * convolution.weight.numel() / convolution.weight.shape[0];
                return output;
            });
        }
        var clip = randn(new long[] { 1, 3, 5, 24, 56 });
        model.call(clip);
        long layers = counted, products = 0;
        // Each attention weight is a product of a head's query and key, and weighs one of its values.
        foreach (var map in AttentionRecorder.Record(model, clip).Attention)
        {
            products += map.Groups.Sum(group => group.Weights.numel()) * 2 * config.EmbedDim / config.NumHeads;
            map.Dispose();
        }
        Assert.Equal(layers + products, cost.MultiplyAdds);
        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), cost.Parameters);
    }

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Predicted_memory_is_within_15_percent_of_what_a_training_step_takes(AttentionScheme scheme, string preset, int batch)
    {
        var config = Preset.Find(preset)!.Model with { Attention = scheme, NumClasses = 8 };
        using var model = new TimeSformerModel(config);
        using var clip = randn(new long[] { batch, 3, config.NumFrames, config.ImageSize, config.ImageSize });
        using var label = zeros(new long[] { batch }, ScalarType.Int64);
        long measured = MemoryMeter.Peak(() =>
        {
            using var scope = NewDisposeScope();
            functional.cross_entropy(model.call(clip), label).backward();
        });
        long predicted = CostModel.Of(config).TrainingMemory(batch);
        Assert.InRange(measured, predicted / 1.15, predicted / 0.85);
    }

    [Fact]
    public void Divided_attention_grows_with_frames_and_pixels_far_slower_than_joint()
    {
        double Ratio(int frames, int size) =>
            (double)CostModel.Of(TimeSformerConfig.Base with { Attention = AttentionScheme.JointSpaceTime }, frames, size, size).MultiplyAdds / CostModel.Of(TimeSformerConfig.Base, frames, size, size).MultiplyAdds;
        Assert.True(Ratio(8, 224) < Ratio(32, 224) && Ratio(32, 224) < Ratio(96, 224));
        Assert.True(Ratio(8, 224) < Ratio(8, 448) && Ratio(8, 448) < Ratio(8, 560));
    }

    [Fact]
    public void Clips_that_do_not_divide_into_patches_are_refused() =>
        Assert.Contains("patches of 16x16", Assert.Throws<InputException>(() => CostModel.Of(TimeSformerConfig.Base, 8, 224, 230)).Message, StringComparison.Ordinal);
}
