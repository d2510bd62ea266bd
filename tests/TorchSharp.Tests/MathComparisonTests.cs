using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class MathComparisonTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor x = tensor(new[] { 1f, 2, 3 });
    private readonly Tensor y = tensor(new[] { 3f, 2, 1 });

    public void Dispose() => scope.Dispose();

    private static bool[] Truths(Tensor tensor) => tensor.data<bool>().ToArray();

    [Fact]
    public void Operators_compare_tensors_and_numbers_on_either_side()
    {
        Assert.Equal([false, true, false], Truths(x == y));
        Assert.Equal([true, false, true], Truths(x != y));
        Assert.Equal([true, false, false], Truths(x < y));
        Assert.Equal([true, true, false], Truths(x <= y));
        Assert.Equal([false, false, true], Truths(x > y));
        Assert.Equal([false, true, true], Truths(x >= y));
        Assert.Equal([false, true, false], Truths(x == 2));
        Assert.Equal([true, false, true], Truths(x != 2));
        Assert.Equal([true, false, false], Truths(x < 2));
        Assert.Equal([false, false, true], Truths(2 < x));
        Assert.Equal([true, true, false], Truths(2 >= x));
        Assert.Equal([true, false, true], Truths((x < 2) | (x > 2.5)));
        Assert.Equal([false, true, false], Truths((x >= 2) & (x <= 2)));
        Assert.Equal([true, true, true], Truths((x >= 2) ^ (x < 2)));
        Assert.Equal([false, true, true], Truths(~(x < 2)));
    }

    [Fact]
    public void Functions_compare_too()
    {
        Assert.Equal([false, true, false], Truths(equal(x, y)));
        Assert.Equal([false, true, false], Truths(eq(x, y)));
        Assert.Equal([true, false, true], Truths(ne(x, y)));
        Assert.Equal([true, true, false], Truths(le(x, y)));
        Assert.Equal([false, true, true], Truths(x.ge(2)));
        Assert.Equal([3f, 2, 3], maximum(x, y).data<float>().ToArray());
        Assert.Equal([1f, 2, 1], min(x, y).data<float>().ToArray());
        Assert.Equal([true, false, true], Truths(logical_and(x, tensor(new[] { 1, 0, 1 }))));
        Assert.Equal([2L, 0], bitwise_and(tensor(new[] { 3L, 1 }), tensor(new[] { 6L, 2 })).data<long>().ToArray());
    }

    [Fact]
    public void Close_is_within_both_tolerances()
    {
        Assert.True(allclose(x, x + 1e-6));
        Assert.False(x.allclose(x + 1e-3));
        Assert.True(x.allclose(x + 1e-3, atol: 1e-2));
        Assert.Equal([true, false, true], Truths(isclose(x, tensor(new[] { 1f, 2.1f, 3 }))));
        var nothing = tensor(new[] { float.NaN });
        Assert.False(nothing.allclose(nothing));
        Assert.True(nothing.allclose(nothing, equal_nan: true));
    }

    [Fact]
    public void Equality_of_wholes_looks_at_shape_and_values()
    {
        Assert.True(x.Equals(x.clone()));
        Assert.False(x.Equals(y));
        Assert.False(x.Equals(x.unsqueeze(0)));
        Assert.True(ones(1).is_nonzero());
    }

    [Fact]
    public void A_number_given_to_a_method_is_no_tensor()
    {
        using var inner = NewDisposeScope();
        _ = x.add(2);
        _ = x.eq(2.5);
        _ = x.clamp(0, 1);
        _ = x.pow(2);
        Assert.Equal(4, inner.DisposablesCount);
    }
}
