using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class CoreLifetimeTests
{
    public static TheoryData<string, Func<Tensor, Tensor, IEnumerable<Tensor?>>> Calls { get; } = new()
    {
        { "add", (x, y) => [x + y] },
        { "add number", (x, _) => [x + 1, 1 - x, 2 * x, x / 2, x % 2, x + 1.5, 1f / x] },
        { "compare number", (x, _) => [x == 1, x != 1, x < 1, 1 >= x] },
        { "negate", (x, _) => [-x, ~(x > 0)] },
        { "std typed", (x, _) => [x.std(0, type: ScalarType.Float64), x.var((0, 1)), x.mean([0], type: ScalarType.Float64)] },
        { "unique", (x, _) => [x.unique().output] },
        { "unique inverse", (x, _) => [x.unique(return_inverse: true).inverse_indices, null] },
        { "slice", (x, _) => [x[.., 1..], x[0], x[0, 1], x[TensorIndex.Ellipsis, TensorIndex.None, 0]] },
        { "index", (x, y) => [x[x > 0], x[TensorIndex.Tensor(y > 0)]] },
        { "flag", (x, y) => [x[TensorIndex.Bool(true)], x[TensorIndex.Bool(false)], x.index_put_(y, TensorIndex.Bool(true))] },
        { "in place", (x, y) => [x.add_(y), x.mul_(2), x.zero_()] },
        { "factories", (_, _) => [zeros(2), tensor(1f), tensor(new[] { 1 }, dtype: ScalarType.Float64), frombuffer(new[] { 1f, 2 }, ScalarType.Float64, 1), normal(0, 1, [2])] },
        { "normal", (x, y) => [normal(x, y.abs_().MoveToOuterDisposeScope())] },
        { "convert", (x, _) => [x.to(ScalarType.Float64), x.half(), x.cpu(), as_tensor(x)] },
        { "split", (x, _) => x.chunk(2) },
        { "unbind", (x, _) => x.unbind() },
        { "where", (x, _) => where(x > 0) },
        { "shape", (x, _) => [x.T, x.mT, x.H, x.unflatten(0, 2, 1), x.view(-1), x.expand(2, 2, 2)] },
        { "quantile", (x, y) => [quantile(x, y.sigmoid().view(-1))] },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_leaves_nothing_but_its_results(string name, Func<Tensor, Tensor, IEnumerable<Tensor?>> call)
    {
        using var scope = NewDisposeScope();
        var x = randn(2, 2);
        var y = randn(2, 2);
        _ = call(x, y).ToArray();
        var results = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        using var inner = NewDisposeScope();
        foreach (var result in call(x, y))
        {
            if (result is not null) results.Add(result);
        }
        var strangers = inner.DisposablesView.Where(made => !results.Contains((Tensor)made)).Select(made => made.ToString()).ToArray();
        Assert.True(strangers.Length <= Operands(name), $"{name} left {string.Join("; ", strangers)}");
    }

    // Tensors that the calls above themselves make as operands.
    private static int Operands(string name) => name switch { "negate" => 1, "unique inverse" => 1, "index" => 2, "normal" => 0, "where" => 1, "quantile" => 2, _ => 0 };

    [Fact]
    public void Reading_a_number_or_printing_leaves_nothing()
    {
        using var x = randn(2, 2);
        long before = LiveTensors.Settled();
        _ = x.allclose(x);
        _ = x.Equals(x);
        foreach (var style in new[] { TensorStringStyle.Julia, TensorStringStyle.Numpy, TensorStringStyle.CSharp }) _ = x.str(style: style);
        using (var one = tensor(1f)) x[0, 0] = one;
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_long_loop_that_disposes_stays_flat()
    {
        using var x = ones(2, 2);
        long before = LiveTensors.Settled();
        for (int k = 0; k < 100_000; k++)
        {
            using var y = x + 1;
            using var z = y.sum();
            if (k % 10_000 == 0) Assert.Equal(before + 2, Tensor.TotalCount);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_disposed_tensor_is_refused_as_self_and_as_argument()
    {
        using var x = ones(2);
        var gone = ones(2);
        gone.Dispose();
        Assert.Throws<InvalidOperationException>(() => gone + 1);
        Assert.Throws<InvalidOperationException>(() => x + gone);
        Assert.Throws<InvalidOperationException>(() => cat([x, gone]));
        Assert.Throws<InvalidOperationException>(() => x[gone]);
        Assert.Throws<InvalidOperationException>(() => gone.data<float>());
        Assert.Throws<InvalidOperationException>(() => gone.str());
        Assert.Equal("", gone.ToString());
    }
}
