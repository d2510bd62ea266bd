using TimeSformer.Interpretation;

namespace TimeSformer.Tests.Interpretation;

public sealed class AttentionRolloutTests : TensorTests
{
    [Theory, Each<AttentionScheme>]
    public void The_patch_weights_of_each_clip_sum_to_one(AttentionScheme scheme)
    {
        using var model = new TimeSformerModel(TimeSformerConfig.Tiny with { Attention = scheme, Depth = 2 });
        var (_, maps) = AttentionRecorder.Record(model, randn(new long[] { 2, 3, 4, 24, 40 }));
        var rollout = AttentionRollout.ToClassToken(maps);
        Assert.Equal([2, 4, 3, 5], rollout.shape);
        Assert.True(rollout.sum([1L, 2L, 3L]).allclose(ones(2)));
        Assert.True(rollout.min().item<float>() >= 0);
        foreach (var map in maps) map.Dispose();
    }

    [Fact]
    public void Rollout_weighs_patches_by_the_attention_of_the_class_token()
    {
        // One block, one head, two frames of one patch: the class token attends to itself with 0.2, to the first frame with 0.7, to the
        // second with 0.1.
        var weights = tensor(new[] { 0.2f, 0.7f, 0.1f, 0, 1, 0, 0, 0, 1 }).view(1, 1, 1, 3, 3);
        var map = new AttentionMap(0, "space-time", new TokenGrid(1, 2, 1, 1), [new(arange(3, ScalarType.Int64).view(1, 3), weights)]);
        Assert.True(AttentionRollout.ToClassToken([map]).flatten().allclose(tensor(new[] { 0.875f, 0.125f })));
        // A second block that passes every token on unchanged leaves the weights of the patches alone.
        var passing = new AttentionMap(1, "space-time", map.Grid, [new(map.Groups[0].Tokens, eye(3).view(1, 1, 1, 3, 3))]);
        Assert.True(AttentionRollout.ToClassToken([map, passing]).flatten().allclose(tensor(new[] { 0.875f, 0.125f })));
    }

    [Fact]
    public void Rollout_without_maps_is_refused() =>
        Assert.Refused<ArgumentException>("needs the attention maps", () => AttentionRollout.ToClassToken([]));
}
