using TimeSformer.Interpretation;
using TimeSformer.Kernels;
using TorchSharp;

namespace TimeSformer.Tests.Interpretation;

public sealed class AttentionRolloutTests : TensorTests
{
    [Theory, MemberData(nameof(Transformers.Names), MemberType = typeof(Transformers))]
    public void The_patch_weights_of_each_clip_sum_to_one(string name)
    {
        using var model = Transformers.Create(name);
        using var record = AttentionRecorder.Record(model, randn(new long[] { 2, 3, 4, 24, 40 }));
        var rollout = AttentionRollout.Of(record);
        Assert.Equal([2, record.Grid.Frames, 3, 5], rollout.shape);
        Assert.True(rollout.sum([1L, 2L, 3L]).allclose(ones(2)));
        Assert.True(rollout.min().item<float>() >= 0);
    }

    [Theory, MemberData(nameof(Transformers.Names), MemberType = typeof(Transformers))]
    public void What_each_token_is_made_of_sums_to_one(string name)
    {
        using var model = Transformers.Create(name);
        using var record = AttentionRecorder.Record(model, randn(new long[] { 1, 3, 4, 24, 16 }));
        for (int token = 0; token < record.Count; token++)
        {
            var shares = AttentionRollout.Shares(record, eye(record.Count)[token..(token + 1)]);
            Assert.True(shares.min().item<float>() >= 0);
            Assert.Equal(1, shares.sum().item<float>(), 4);
        }
    }

    [Theory, MemberData(nameof(Transformers.Names), MemberType = typeof(Transformers))]
    public void Shares_are_the_product_of_the_steps_matrices(string name)
    {
        using var model = Transformers.Create(name);
        using var record = AttentionRecorder.Record(model, randn(new long[] { 1, 3, 4, 24, 16 }));
        var product = eye(record.Count);
        foreach (var map in record.Maps)
        {
            var attention = map.Dense()[0].mean([0L]);                                                // (S, S)
            var residual = diag(attention.sum([1L]).mul(-0.5).add(1));                                // 1/2; 1 of tokens that take no part
            product = attention.div(2).add(residual).matmul(product);
        }
        Assert.True(AttentionRollout.Shares(record, eye(record.Count)[..1]).allclose(product[..1], rtol: 1e-4, atol: 1e-6));
    }

    [Fact]
    public void Rollout_weighs_patches_by_the_attention_of_the_class_token()
    {
        // One block, one head, two frames of one patch: the class token attends to itself with 0.2, to the first frame with 0.7, to the
        // second with 0.1.
        var weights = tensor(new[] { 0.2f, 0.7f, 0.1f, 0, 1, 0, 0, 0, 1 }).view(1, 1, 1, 3, 3);
        var map = new AttentionMap(0, "space-time", 3, [new(arange(3, ScalarType.Int64).view(1, 3), weights)]);
        AttentionRecord Of(params AttentionMap[] maps) => new(zeros(1, 1), new TokenGrid(1, 2, 1, 1), 1, 1, maps);
        Assert.True(AttentionRollout.Of(Of(map)).flatten().allclose(tensor(new[] { 0.875f, 0.125f })));
        // A second block that passes every token on unchanged leaves the weights of the patches alone.
        var passing = new AttentionMap(1, "space-time", 3, [new(map.Groups[0].Tokens, eye(3).view(1, 1, 1, 3, 3))]);
        Assert.True(AttentionRollout.Of(Of(map, passing)).flatten().allclose(tensor(new[] { 0.875f, 0.125f })));
    }

    [Fact]
    public void Rollout_by_gradients_follows_what_speaks_for_the_class()
    {
        // As above; the score grows with the attention to the second frame only.
        var weights = tensor(new[] { 0.2f, 0.7f, 0.1f, 0, 1, 0, 0, 0, 1 }).view(1, 1, 1, 3, 3);
        var gradients = tensor(new[] { 0, -2f, 3f, 0, 0, 0, 0, 0, 0 }).view(1, 1, 1, 3, 3);
        var map = new AttentionMap(0, "space-time", 3, [new(arange(3, ScalarType.Int64).view(1, 3), weights, gradients)]);
        var record = new AttentionRecord(zeros(1, 1), new TokenGrid(1, 2, 1, 1), 1, 1, [map]);
        Assert.True(AttentionRollout.OfGradients(record).flatten().allclose(tensor(new[] { 0f, 1f })));
    }

    [Theory, MemberData(nameof(Transformers.Names), MemberType = typeof(Transformers))]
    public void Recorded_gradients_are_those_of_the_class_score(string name)
    {
        using var model = Transformers.Create(name);
        model.to(ScalarType.Float64);
        var clip = randn(new long[] { 1, 3, 4, 24, 16 }, ScalarType.Float64);
        using var record = AttentionRecorder.RecordGradients(model, clip, tensor(new[] { 2L }));
        Assert.True(record.Logits.allclose(model.call(clip), rtol: 1e-9));
        // Moving one weight by a little moves the score by its derivative.
        foreach (var (map, index) in record.Maps.Select((map, index) => (map, index)))
        {
            var group = map.Groups[0];
            var step = TokenLayout.Of(model, clip).Steps[index];
            const double Little = 1e-5;
            double Score(double change)
            {
                int calls = 0;
                var hook = step.Module.register_forward_hook((_, x, result) =>
                {
                    if (calls++ > 0) return result;
                    var weights = step.Module.Weights(x);
                    weights[0, 1, 2, 1] += change;
                    return step.Module.Attend(weights, x);
                });
                using var composed = CpuKernels.Off();
                var logits = model.call(clip);
                hook.remove();
                return logits[0, 2].item<double>();
            }
            double measured = (Score(Little) - Score(-Little)) / (2 * Little);
            Assert.Equal(measured, group.Gradients![0, 0, 1, 2, 1].item<double>(), 7);
        }
    }

    [Fact]
    public void Gradients_of_a_record_without_them_are_refused()
    {
        using var model = Transformers.Create("ViViT");
        using var record = AttentionRecorder.Record(model, randn(new long[] { 1, 3, 4, 24, 16 }));
        Assert.Refused<ArgumentException>("has no gradients; RecordGradients", () => AttentionRollout.OfGradients(record));
    }

    [Fact]
    public void A_convolutional_network_has_no_attention_to_record()
    {
        using var model = I3DConfig.Small.Create();
        var clip = randn(new long[] { 1, 3, 8, 32, 32 });
        Assert.Refused<InputException>("I3D has no attention", () => AttentionRecorder.Record(model, clip));
    }
}

/// <summary>A small model of each kind that has attention.</summary>
public static class Transformers
{
    private static readonly Dictionary<string, TransformerConfig> configs = new(
        Enum.GetValues<AttentionScheme>().Select(scheme =>
            KeyValuePair.Create($"{scheme}", (TransformerConfig)(TimeSformerConfig.Tiny with { Attention = scheme, Depth = 2 }))))
    {
        ["ViT"] = VisionTransformerConfig.Tiny with { Depth = 2 },
        ["ViViT"] = ViViTConfig.Tiny with { Depth = 2 },
        ["factorized ViViT"] = ViViTConfig.Tiny with { Depth = 2, Encoder = ViViTEncoder.Factorized },
        ["VideoMAE"] = VideoMaeConfig.Tiny with { Depth = 2 },
        ["VideoMAE of the first token"] = VideoMaeConfig.Tiny with { Depth = 2, MeanPooling = false },
    };

    public static TheoryData<string> Names => [.. configs.Keys];

    /// <summary>With weights large enough that attention is uneven and every part counts.</summary>
    public static VideoModel Create(string name)
    {
        manual_seed(3);
        var model = (configs[name] with { NumClasses = 5, DropPathRate = 0 }).Create();
        foreach (var parameter in model.parameters().Where(parameter => parameter.dim() > 1)) nn.init.normal_(parameter, 0, 0.15);
        model.eval();
        return model;
    }
}
