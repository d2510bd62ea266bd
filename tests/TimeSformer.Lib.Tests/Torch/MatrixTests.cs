namespace TimeSformer.Tests.Torch;

public sealed class MatrixTests : TensorTests
{
    public static TheoryData<long[], long[]> Fitting => new()
    {
        { [2, 3], [3, 4] }, { [3], [3, 4] }, { [2, 3], [3] }, { [3], [3] }, { [5, 1, 2, 3], [4, 3, 6] }, { [0, 3], [3, 2] },
    };

    [Theory, MemberData(nameof(Fitting))]
    public void Matching_shapes_are_multiplied(long[] left, long[] right)
    {
        var (a, b) = (randn(left), randn(right));
        Assert.True(Matrix.matmul(a, b).Equals(a.matmul(b)));
    }

    [Fact]
    public void A_mismatch_throws_an_exception_that_shows_both_shapes()
    {
        Rejected("matmul of (2, 3) and (2, 3): the first has rows of 3 numbers, the second columns of 2", ones(2, 3), ones(2, 3));
        Rejected("matmul of (2, 4, 3) and (5, 3, 4): batch dimensions must be equal or 1, but 2 meets 5", ones(2, 4, 3), ones(5, 3, 4));
        Rejected("matmul of (3) and (4)", ones(3), ones(4));
        Rejected("matmul of () and (4): a scalar is not a matrix", tensor(1f), ones(4));
        Rejected("the first is Float32, the second Float64", ones(2, 3), ones(3, 2, float64));
    }

    private static void Rejected(string expected, Tensor left, Tensor right) =>
        Assert.Refused<ArgumentException>(expected, () => Matrix.matmul(left, right));
}
