using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class MathReductionTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor table = tensor(new[,] { { 1d, 5, 3 }, { 4, 2, 6 } });

    public void Dispose() => scope.Dispose();

    private static double[] Values(Tensor tensor) => tensor.@double().data<double>().ToArray();

    [Fact]
    public void Sums_means_and_products()
    {
        Assert.Equal([21d], Values(table.sum()));
        Assert.Equal([5d, 7, 9], Values(table.sum(0L)));
        Assert.Equal([21d], Values(table.sum(0, 1)));
        Assert.Equal([2, 1], table.sum([1L], keepdim: true).shape);
        Assert.Equal(ScalarType.Float32, sum(table, ScalarType.Float32).dtype);
        Assert.Equal([3d, 4], Values(mean(table, [1])));
        Assert.Equal([3.5], Values(mean(table)));
        Assert.Equal([720d], Values(prod(table)));
        Assert.Equal([15d, 48], Values(prod(table, 1)));
        Assert.Equal([1d, 6, 9, 4, 6, 12], Values(table.cumsum(1)));
        Assert.Equal(ScalarType.Int64, tensor(new byte[] { 200, 200 }).sum().dtype);
    }

    // The original's trap: a literal 0 converts to an enumeration, and this overload needs no default.
    [Fact]
    public void The_first_dimension_is_written_0L_where_a_type_is_taken_too()
    {
        Assert.Equal(ScalarType.Byte, table.sum(0).dtype);
        Assert.Equal([5d, 7, 9], Values(table.sum(0L)));
        Assert.Equal([5d, 7, 9], Values(table.sum(dim: 0)));
    }

    [Fact]
    public void Extremes_and_where_they_are()
    {
        Assert.Equal((6d, 1d), (table.max().item<double>(), table.min().item<double>()));
        var (values, indexes) = max(table, 1);
        Assert.Equal([5d, 6], Values(values));
        Assert.Equal([1d, 2], Values(indexes));
        Assert.Equal([1d, 2, 3], Values(min(table, 0).values));
        Assert.Equal([5d, 6], Values(table.amax(1)));
        Assert.Equal([1d], Values(amin(table, [0, 1])));
        Assert.Equal([2, 1], table.amax([1], keepdim: true).shape);
        var target = zeros(2, dtype: ScalarType.Float64);
        table.amin([1], false, target);
        Assert.Equal([1d, 2], Values(target));
        Assert.Equal(5, argmax(table).item<long>());
        Assert.Equal([0d, 1, 0], Values(argmin(table, 0)));
        Assert.Equal([2d, 5, 3, 4, 2, 6], Values(table.max(tensor(2d)).view(-1)));
    }

    [Fact]
    public void Spread()
    {
        Assert.Equal(3.5, table.var().item<double>(), 12);
        Assert.Equal(17.5 / 6, table.var(false).item<double>(), 12);
        Assert.Equal([2d, 2], Values(std(table, 1)));
        Assert.Equal([4d, 4], Values(var(table, [1L])));
        Assert.Equal(Math.Sqrt(3.5), table.std((0, 1)).item<double>(), 12);
        Assert.Equal(ScalarType.Float32, table.std(0, type: ScalarType.Float32).dtype);
        Assert.Equal(Math.Sqrt(91), norm(table).item<double>(), 12);
        Assert.Equal([5d, 7, 9], Values(norm(table, 0, p: 1)));
        Assert.Equal(Math.Log(table.exp().sum().item<double>()), table.view(-1).logsumexp(0).item<double>(), 12);
    }

    [Fact]
    public void Order()
    {
        var (values, indices) = sort(table, 1, descending: true);
        Assert.Equal([5d, 3, 1, 6, 4, 2], Values(values));
        Assert.Equal([1d, 2, 0, 2, 0, 1], Values(indices));
        Assert.Equal([0d, 2, 1, 1, 0, 2], Values(table.argsort()));
        var (top, at) = topk(table, 2);
        Assert.Equal([5d, 3, 6, 4], Values(top));
        Assert.Equal([1d, 2, 2, 0], Values(at));
        Assert.Equal([1d, 2], Values(table.topk(1, largest: false).values));
        Assert.Equal([3d, 4], Values(kthvalue(table, 2, null).values));
        Assert.Equal(3, median(table).item<double>());
        Assert.Equal([3.5], Values(quantile(table, tensor(0.5))));
        Assert.Equal([3d, 4], Values(quantile(table, tensor(0.5), 1)));
        Assert.Equal(2, mode(tensor(new[] { 1, 2, 2, 3 })).values.item<int>());
        Assert.Equal([1d, 2], Values(searchsorted(tensor(new[] { 1, 3, 5 }), tensor(new[] { 2, 5 }))));
        Assert.Equal(3, searchsorted(tensor(new[] { 1, 3, 5 }), 5, false, true, null).item<long>());
    }

    [Fact]
    public void Counts()
    {
        var x = tensor(new[] { 3L, 1, 3, 0 });
        var (values, inverse, counts) = unique(x, return_inverse: true, return_counts: true);
        Assert.Equal([0d, 1, 3], Values(values));
        Assert.Equal([2d, 1, 2, 0], Values(inverse!));
        Assert.Equal([1d, 1, 2], Values(counts!));
        Assert.Null(x.unique().counts);
        Assert.Equal([1, 2], tensor(new[,] { { 1, 2 }, { 1, 2 } }).unique(dim: 0).output.shape);
        Assert.Equal([1d, 1, 0, 2], Values(bincount(x)));
        Assert.Equal([1d, 1, 2], Values(histc(x.@double(), 3, 0, 3)));
        Assert.Equal(3, count_nonzero(x).item<long>());
        Assert.Equal([2d, 2, 2], Values(table.count_nonzero([0])));
        Assert.Equal([0d, 1, 2], Values(nonzero(x).view(-1)));
        Assert.True(any(x > 2).item<bool>());
        Assert.False(all(x > 0).item<bool>());
        Assert.Equal([false, true, true], all(table > 1, 0).data<bool>().ToArray());
        Assert.Equal([false, true], any(table > 5, 1).data<bool>().ToArray());
    }

    [Fact]
    public void Gradients()
    {
        GradCheck.Holds(x => x[0].mean([0]) + x[0].sum([0L]) * x[0].prod(0L), GradCheck.Random(3, 2));
        GradCheck.Holds(x => x[0].std(1) + x[0].var(1, unbiased: false), GradCheck.Random(2, 4));
        GradCheck.Holds(x => x[0].norm() + x[0].norm(0, p: 3f), GradCheck.Random(3, 2));
        GradCheck.Holds(x => x[0].max(1).values + x[0].amin(1), GradCheck.Random(3, 4));
        GradCheck.Holds(x => x[0].topk(2).values.cumsum(1), GradCheck.Random(3, 4));
        GradCheck.Holds(x => x[0].sort(0).Values.logsumexp(1), GradCheck.Random(3, 4));
        GradCheck.Holds(x => quantile(x[0], tensor(0.3), 1), GradCheck.Random(2, 5));
    }
}
