using TimeSformer.Features;

namespace TimeSformer.Tests.Features;

public sealed class PcaTests : TensorTests
{
    [Fact]
    public void An_ellipse_is_turned_onto_its_axes()
    {
        // Half-axes 3 and 1, turned by 30 degrees and moved: variances 9/2 and 1/2.
        var (angles, turn) = (arange(360, dtype: ScalarType.Float64).Times(Math.PI / 180), Math.PI / 6);
        var (along, across) = (angles.cos().Times(3), angles.sin());
        var x = (along.Times(Math.Cos(turn)) - across.Times(Math.Sin(turn))).Plus(40);
        var y = along.Times(Math.Sin(turn)).Plus(across.Times(Math.Cos(turn))).Plus(-7);
        using var pca = Pca.Of(stack([x, y], 1), 2);
        Assert.Equal([0.9, 0.1], pca.Shares.Select(share => Math.Round(share, 12)));
        // The long axis points right and up; of the short one, (-1/2, 0.87), the greater entry is positive.
        Assert.True(pca.Scores.allclose(stack([along, across], 1), 1e-9, 1e-9));
    }

    [Theory]
    [InlineData(60, 12), InlineData(12, 60), InlineData(300, 200)]
    public void Leading_components_are_those_of_the_whole_decomposition(int count, int features)
    {
        var falling = arange(features, dtype: ScalarType.Float64).Times(-0.2).exp();
        var rows = randn([count, features], ScalarType.Float64) * falling;
        using var pca = Pca.Of(rows, 4);
        var centered = rows - rows.mean([0L], keepdim: true);
        var (left, singular, _) = linalg.svd(centered, fullMatrices: false);
        var expected = (left * singular)[.., ..4];
        Assert.True(pca.Scores.abs().allclose(expected.abs(), 1e-6, 1e-6 * singular[0].Number()));
        var shares = (singular.square() / singular.square().sum())[..4].data<double>().ToArray();
        Assert.Equal(shares, pca.Shares, (one, other) => Math.Abs(one - other) < 1e-9);
    }

    [Fact]
    public void Components_beyond_the_rank_are_zero()
    {
        using var pca = Pca.Of(randn(3, 2), 5);
        Assert.Equal([3, 5], pca.Scores.shape);
        Assert.Equal(0, pca.Scores[.., 2..].abs().max().Number());
        Assert.Equal(1, pca.Shares.Sum(), 12);
        using var same = Pca.Of(ones(4, 3), 2);
        Assert.Equal(0, same.Scores.abs().max().Number());
        Assert.Equal([0, 0], same.Shares);
    }
}
