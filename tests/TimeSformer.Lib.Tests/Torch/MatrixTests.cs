using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Tests.Torch;

public sealed class MatrixTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<long[], long[]> Fitting => new()
    {
        { [2, 3], [3, 4] }, { [3], [3, 4] }, { [2, 3], [3] }, { [3], [3] }, { [5, 1, 2, 3], [4, 3, 6] }, { [0, 3], [3, 2] },
    };

    [Theory]
    [MemberData(nameof(Fitting))]
    public void What_fits_is_multiplied(long[] left, long[] right)
    {
        var (a, b) = (randn(left), randn(right));
        Assert.True(Matrix.matmul(a, b).Equals(a.matmul(b)));
    }

    [Fact]
    public void What_does_not_fit_is_an_exception_that_shows_both_shapes()
    {
        Refused("matmul of (2, 3) and (2, 3): the rows of the first have 3 numbers, the columns of the second 2", ones(2, 3), ones(2, 3));
        Refused("matmul of (2, 4, 3) and (5, 3, 4): the dimensions before the last two must be equal or 1, here 2 meets 5", ones(2, 4, 3), ones(5, 3, 4));
        Refused("matmul of (3) and (4)", ones(3), ones(4));
        Refused("matmul of () and (4): a single number is no matrix", tensor(1f), ones(4));
        Refused("the first is Float32, the second Float64", ones(2, 3), ones(3, 2, float64));
    }

    private static void Refused(string said, Tensor left, Tensor right) =>
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => Matrix.matmul(left, right)).Message, StringComparison.Ordinal);
}
