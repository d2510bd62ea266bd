using static TorchSharp.torch.nn;

namespace TimeSformer.Tests.Training;

/// <summary>A backward pass that recomputes the blocks matches one that stores their activations, in less memory.</summary>
public sealed class ActivationCheckpointingTests() : TensorTests(gradients: true)
{
    [Theory, Each<AttentionScheme>]
    public void Loss_gradients_and_random_state_equal_those_of_an_ordinary_pass(AttentionScheme scheme)
    {
        var config = TimeSformerConfig.Tiny with { Attention = scheme, NumClasses = 5, DropRate = 0.1, DropPathRate = 0.3 };
        AssertSamePass(config, Precision.Float32);
        AssertSamePass(config, Precision.Bfloat16);
    }

    [Theory]
    [InlineData("head"), InlineData("norm"), InlineData("time_embed"), InlineData("patch_embed")]
    [InlineData("blocks.0.mlp"), InlineData("blocks.2.temporal")]
    public void Only_trainable_parameters_get_gradients(string part) =>
        AssertSamePass(TimeSformerConfig.Tiny with { NumClasses = 5, DropRate = 0.1, DropPathRate = 0.3 }, Precision.Float32, part);

    [Fact]
    public void Gradients_of_micro_batches_add_up_to_those_of_the_batch()
    {
        using var model = Model(TimeSformerConfig.Tiny with { NumClasses = 5, DropPathRate = 0 });
        var (clips, labels) = Batch(4);
        var whole = Pass(model, () => Checkpointed(model, clips, labels, Precision.Float32)).Gradients;
        var parts = Pass(model, () =>
        {
            Checkpointed(model, clips[..1], labels[..1], Precision.Float32, 0.25);
            return Checkpointed(model, clips[1..], labels[1..], Precision.Float32, 0.75);
        }).Gradients;
        // The sum over the batch runs in another order.
        foreach (var (name, gradient) in whole) Assert.True(gradient.allclose(parts[name], 1e-4, 1e-6), name);
    }

    [Fact]
    public void A_deep_model_needs_far_less_memory()
    {
        // Stores inputs and one block with its gradients instead of 32 blocks; an input is less than a tenth of what a block stores.
        using var model = Model(TimeSformerConfig.Tiny with { NumClasses = 5, Depth = 32 });
        Assert.InRange(Peak(model, 16, checkpointed: true), 0, 0.3 * Peak(model, 16, checkpointed: false));
    }

    [Fact]
    public void A_pass_leaves_no_tensors_behind()
    {
        using var model = Model(TimeSformerConfig.Tiny with { NumClasses = 5, DropRate = 0.1 });
        using var outer = NewDisposeScope();
        var (clips, labels) = Batch(2);
        long Live()
        {
            Checkpointed(model, clips, labels, Precision.Bfloat16);
            return LiveTensors.Settled();
        }
        long first = Live();
        Assert.Equal(first, Live());
        Assert.Equal(2, outer.DisposablesCount);
    }

    private static TimeSformerModel Model(TimeSformerConfig config)
    {
        manual_seed(7);
        var model = new TimeSformerModel(config);
        // Projections that start at zero would hide the attention behind them.
        using var _ = no_grad();
        foreach (var (name, weight) in model.named_parameters())
        {
            if (name.Contains("_fc")) init.normal_(weight, 0, 0.1);
        }
        return model;
    }

    private static (Tensor Clips, Tensor Labels) Batch(int count)
    {
        var config = TimeSformerConfig.Tiny;
        var clips = randn(new long[] { count, 3, config.NumFrames, config.ImageSize, config.ImageSize });
        return (clips, randint(0, 5, new long[] { count }, ScalarType.Int64));
    }

    private static void AssertSamePass(TimeSformerConfig config, Precision precision, string? trained = null)
    {
        using var scope = NewDisposeScope();
        using var model = Model(config);
        foreach (var (name, weight) in model.named_parameters())
        {
            weight.requires_grad = trained is null || name.Contains(trained);
        }
        var (clips, labels) = Batch(3);
        var ordinary = Pass(model, () => Ordinary(model, clips, labels, precision));
        var checkpointed = Pass(model, () => Checkpointed(model, clips, labels, precision));
        Assert.Equal(ordinary.Loss, checkpointed.Loss);
        Assert.Equal(ordinary.Next, checkpointed.Next);
        Assert.Equal(ordinary.Gradients.Keys, checkpointed.Gradients.Keys);
        Assert.Equal(model.parameters().Count(weight => weight.requires_grad), ordinary.Gradients.Count);
        foreach (var (name, gradient) in ordinary.Gradients)
        {
            var other = checkpointed.Gradients[name];
            Assert.True(gradient.Equals(other), $"{name}: {(gradient - other).abs().max().item<float>():e1}");
        }
    }

    // The loss, the gradients by name and the next random number, always from the same random state.
    private static (double Loss, Dictionary<string, Tensor> Gradients, float Next) Pass(TimeSformerModel model, Func<double> backward)
    {
        manual_seed(11);
        foreach (var weight in model.parameters()) weight.grad = null;
        double loss = backward();
        var trained = model.named_parameters().Where(weight => weight.parameter.grad is not null);
        return (loss, trained.ToDictionary(weight => weight.name, weight => weight.parameter.grad!.clone()), rand(1).item<float>());
    }

    private static double Ordinary(TimeSformerModel model, Tensor clips, Tensor labels, Precision precision)
    {
        using var scope = NewDisposeScope();
        Tensor loss;
        using (Autocast.Begin(precision, CPU)) loss = functional.cross_entropy(model.call(clips).to_type(ScalarType.Float32), labels);
        loss.backward();
        return loss.item<float>();
    }

    private static double Checkpointed(TimeSformerModel model, Tensor clips, Tensor labels, Precision precision, double fraction = 1)
    {
        Tensor Loss(Tensor logits) => functional.cross_entropy(logits.to_type(ScalarType.Float32), labels) * fraction;
        using var loss = ActivationCheckpointing.Backward(model, clips, Loss, precision);
        return loss.Number();
    }

    private static long Peak(TimeSformerModel model, int batch, bool checkpointed)
    {
        using var scope = NewDisposeScope();
        var (clips, labels) = Batch(batch);
        return MemoryMeter.Peak(() =>
            _ = checkpointed ? Checkpointed(model, clips, labels, Precision.Float32) : Ordinary(model, clips, labels, Precision.Float32));
    }
}
