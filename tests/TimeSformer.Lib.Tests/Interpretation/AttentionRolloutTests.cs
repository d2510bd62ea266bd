using TimeSformer.Interpretation;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using static TorchSharp.torch;

namespace TimeSformer.Tests.Interpretation;

public sealed class AttentionRolloutTests
{
    public static TheoryData<AttentionScheme> Schemes => new(Enum.GetValues<AttentionScheme>());

    [Theory]
    [MemberData(nameof(Schemes))]
    public void The_patches_shares_of_each_clip_sum_to_one(AttentionScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new TimeSformerModel(TimeSformerConfig.Tiny with { Attention = scheme, Depth = 2 });
        var (_, maps) = AttentionRecorder.Record(model, randn(new long[] { 2, 3, 4, 24, 40 }));
        var shares = AttentionRollout.ToClassToken(maps);
        Assert.Equal([2, 4, 3, 5], shares.shape);
        Assert.True(shares.sum([1L, 2L, 3L]).allclose(ones(2)));
        Assert.True(shares.min().item<float>() >= 0);
        foreach (var map in maps) map.Dispose();
    }

    [Fact]
    public void The_class_token_is_made_of_the_patches_that_it_looked_at()
    {
        using var scope = NewDisposeScope();
        // One block, one head, two frames of one patch: the class token looks at itself by 0.2, at the first frame by 0.7, at the second by 0.1.
        var weights = tensor(new[] { 0.2f, 0.7f, 0.1f, 0, 1, 0, 0, 0, 1 }).view(1, 1, 1, 3, 3);
        var map = new AttentionMap(0, "space-time", new TokenGrid(1, 2, 1, 1), [new(arange(3, ScalarType.Int64).view(1, 3), weights)]);
        Assert.True(AttentionRollout.ToClassToken([map]).flatten().allclose(tensor(new[] { 0.875f, 0.125f })));
        // A second block that passes all tokens on halves nothing between the patches.
        var passing = new AttentionMap(1, "space-time", map.Grid, [new(map.Groups[0].Tokens, eye(3).view(1, 1, 1, 3, 3))]);
        Assert.True(AttentionRollout.ToClassToken([map, passing]).flatten().allclose(tensor(new[] { 0.875f, 0.125f })));
    }

    [Fact]
    public void No_maps_are_refused() => Assert.Contains("needs the attention maps", Assert.Throws<ArgumentException>(() => AttentionRollout.ToClassToken([])).Message, StringComparison.Ordinal);
}
