namespace TimeSformer.Tests.Torch;

public sealed class ArithmeticTests : TensorTests
{
    [Fact]
    public void Results_equal_those_of_the_operators_and_keep_the_type()
    {
        var (x, y, whole) = (randn(3, 4), randn(4), tensor(new long[] { 1, 2 }));
        Assert.True((x + y).Equals(x.Plus(y)));
        Assert.True((x + 0.3).Equals(x.Plus(0.3)));
        Assert.True((x * 0.3).Equals(x.Times(0.3)));
        Assert.True((x / 0.3).Equals(x.Over(0.3)));
        Assert.True(x.clamp(-1, 1).Equals(x.Between(-1, 1)));
        Assert.Equal([4, 7], whole.Times(3).Plus(1).data<long>().ToArray());
    }

    [Fact]
    public void Number_reads_a_scalar_of_any_type() =>
        Assert.Equal([3, 0.5, 1], new[] { tensor(3L), tensor(0.5f), tensor(true) }.Select(x => x.Number()));
}
