using TimeSformer.Kernels;
using TorchSharp;

namespace TimeSformer.Tests.Kernels;

/// <summary>The composed operations in float64 are the specification of the kernels.</summary>
public sealed class CpuKernelsTests() : TensorTests(gradients: true)
{
    private static readonly TimeSformerConfig config = TimeSformerConfig.Tiny with
    {
        NumClasses = 5,
        Depth = 2,
        EmbedDim = 64,
        NumHeads = 4,
        ImageSize = 32,
        PatchSize = 8,
        NumFrames = 3,
    };

    [Theory]
    [InlineData(AttentionScheme.DividedSpaceTime), InlineData(AttentionScheme.JointSpaceTime), InlineData(AttentionScheme.SpaceOnly)]
    [InlineData(AttentionScheme.SparseLocalGlobal), InlineData(AttentionScheme.Axial)]
    public void Logits_and_gradients_equal_the_composed_ones_in_float64(AttentionScheme scheme) =>
        RequireEqual(config with { Attention = scheme }, batch: 3);

    [Theory]
    // One frame; many frames; more patches than a block of rows; heads of 32 and 64; frames that are not square.
    [InlineData(1, 32, 64, 4), InlineData(40, 16, 64, 4), InlineData(2, 72, 64, 4), InlineData(5, 24, 64, 2), InlineData(9, 24, 128, 2)]
    public void They_do_so_for_all_sizes(int frames, int size, int dim, int heads)
    {
        var sizes = config with { NumFrames = frames, ImageSize = size, EmbedDim = dim, NumHeads = heads, Depth = 1 };
        foreach (var scheme in new[] { AttentionScheme.DividedSpaceTime, AttentionScheme.JointSpaceTime })
        {
            RequireEqual(sizes with { Attention = scheme }, batch: 2);
        }
    }

    [Fact]
    public void Without_a_bias_of_queries_keys_and_values_too() => RequireEqual(config with { QkvBias = false }, batch: 1);

    [Theory]
    [InlineData(AttentionScheme.DividedSpaceTime), InlineData(AttentionScheme.JointSpaceTime), InlineData(AttentionScheme.SpaceOnly)]
    public void Stochastic_depth_drops_the_same_branches(AttentionScheme scheme)
    {
        // At 0.9 most of a sample's copies of the class token are dropped, often all.
        foreach (double rate in new[] { 0.3, 0.9 })
        {
            RequireEqual(config with { Attention = scheme, DropPathRate = rate, Depth = 3 }, batch: 4);
            RequireEqual(config with { Attention = scheme, DropPathRate = rate, Depth = 3, NumFrames = 1 }, batch: 4);
        }
    }

    [Fact]
    public void Under_bfloat16_autocast_they_are_as_close_as_the_composed_ones()
    {
        var (model, exact) = Models(config);
        var (clips, labels) = Batch(config, 4);
        var expected = Gradients(exact, clips.to_type(ScalarType.Float64), labels);
        var fused = Gradients(model, clips, labels, Precision.Bfloat16);
        Dictionary<string, Tensor> composed;
        using (CpuKernels.Off()) composed = Gradients(model, clips, labels, Precision.Bfloat16);
        double Deviation(Tensor actual, Tensor value) => (actual.to_type(ScalarType.Float64) - value).norm().item<double>();
        var ratios = expected.Select(entry =>
            (entry.Key, Ratio: Deviation(fused[entry.Key], entry.Value) / Deviation(composed[entry.Key], entry.Value))).ToList();
        Assert.True(ratios.Average(entry => entry.Ratio) < 1.1, string.Join("\n", ratios));
        Assert.All(ratios, entry => Assert.InRange(entry.Ratio, 0, 2));
    }

    [Fact]
    public void Weights_that_are_not_trained_get_no_gradient_and_the_others_the_same()
    {
        var (model, _) = Models(config);
        var (clips, labels) = Batch(config, 2);
        var all = Gradients(model, clips, labels);
        static bool IsTrained(string name) => name.Contains("temporal") || name.StartsWith("head");
        foreach (var (name, weight) in model.named_parameters()) weight.requires_grad = IsTrained(name);
        var some = Gradients(model, clips, labels);
        Assert.Equal(all.Keys.Where(name => IsTrained(name) || name == "logits"), some.Keys);
        Assert.All(some, entry => Assert.True(entry.Value.allclose(all[entry.Key], 1e-5, 1e-7), entry.Key));
    }

    [Fact]
    public void Gradients_add_up_and_two_passes_may_share_weights()
    {
        var (model, _) = Models(config);
        var (clips, labels) = Batch(config, 2);
        var once = Gradients(model, clips, labels);
        model.zero_grad();
        var loss = nn.functional.cross_entropy(model.call(clips), labels).Plus(nn.functional.cross_entropy(model.call(clips), labels));
        loss.backward();
        nn.functional.cross_entropy(model.call(clips), labels).backward();
        foreach (var (name, weight) in model.named_parameters())
        {
            Assert.True(weight.grad!.allclose(once[name].Times(3), 1e-4, 1e-6), name);
        }
    }

    [Fact]
    public void Without_gradients_nothing_is_recorded_and_the_logits_are_the_same()
    {
        var (model, _) = Models(config);
        var (clips, _) = Batch(config, 2);
        var recorded = model.call(clips);
        using var _ = no_grad();
        var plain = model.call(clips);
        Assert.False(plain.requires_grad);
        Assert.True(plain.Equals(recorded));
    }

    [Fact]
    public void More_sequences_than_CUDA_takes_at_once_are_attended_to_in_parts()
    {
        using var attention = new SelfAttention(new(EmbedDim: 4, NumHeads: 2, MlpRatio: 1, QkvBias: true, DropRate: 0, LayerNormEps: 1e-6));
        var x = randn(40_000, 2, 4);
        var whole = attention.call(x); // its heads are too narrow for kernels
        Assert.True(whole.allclose(cat([attention.call(x[..20_000]), attention.call(x[20_000..])]), 1e-5, 1e-6));
    }

    [Fact]
    public void A_step_leaves_no_tensors_behind()
    {
        var (model, _) = Models(config);
        var (clips, labels) = Batch(config, 2);
        void Step()
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            nn.functional.cross_entropy(model.call(clips), labels).backward();
        }
        Step();
        Step();
        long before = LiveTensors.Settled();
        for (int k = 0; k < 5; k++) Step();
        Assert.Equal(before, LiveTensors.Settled());
    }

    // The same weights, not zero anywhere, in float32 and float64.
    private static (TimeSformerModel Single, TimeSformerModel Double) Models(TimeSformerConfig config)
    {
        manual_seed(1);
        var model = new TimeSformerModel(config);
        using (no_grad()) foreach (var weight in model.parameters()) weight.add_(randn_like(weight).Times(0.1), Arithmetic.One);
        var exact = new TimeSformerModel(config);
        exact.load_state_dict(model.state_dict());
        exact.to(ScalarType.Float64);
        return (model, exact);
    }

    private static (Tensor Clips, Tensor Labels) Batch(TimeSformerConfig config, int batch) => (
        randn(new long[] { batch, 3, config.NumFrames, config.ImageSize, config.ImageSize }),
        randint(0, config.NumClasses, new long[] { batch }, ScalarType.Int64));

    private static void RequireEqual(TimeSformerConfig config, int batch)
    {
        using var scope = NewDisposeScope();
        var (model, exact) = Models(config);
        var (clips, labels) = Batch(config, batch);
        var state = get_rng_state();
        var actual = Gradients(model, clips, labels);
        RandomState.set_rng_state(state);
        var expected = Gradients(exact, clips.to_type(ScalarType.Float64), labels);
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, value) in expected)
        {
            double error = Error(actual[name], value);
            Assert.True(error < (name == "logits" ? 1e-5 : 1e-4), $"{name}: {error:e1}");
        }
    }

    // In training, with the logits among them.
    private static Dictionary<string, Tensor> Gradients(
        TimeSformerModel model, Tensor clips, Tensor labels, Precision precision = Precision.Float32)
    {
        model.train();
        model.zero_grad();
        Tensor logits;
        using (Autocast.Begin(precision, CPU)) logits = model.call(clips);
        nn.functional.cross_entropy(logits.to_type(precision is Precision.Float32 ? clips.dtype : ScalarType.Float32), labels).backward();
        var result = new Dictionary<string, Tensor> { ["logits"] = logits.detach() };
        foreach (var (name, weight) in model.named_parameters()) if (weight.grad is { } gradient) result[name] = gradient.clone();
        return result;
    }

    private static double Error(Tensor actual, Tensor expected) =>
        (actual.to_type(ScalarType.Float64) - expected).abs().max().item<double>() / (expected.abs().max().item<double>() + 1e-12);
}
