using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class MathInPlaceTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string, Func<Tensor, Tensor>, Func<Tensor, Tensor>> Pairs { get; } = new()
    {
        { "add", x => x.add_(2), x => x.add(2) },
        { "add tensor", x => x.add_(x, 3), x => x.add(x, 3) },
        { "sub", x => x.sub_(2), x => x.sub(2) },
        { "mul", x => x.mul_(x), x => x.mul(x) },
        { "div", x => x.div_(2), x => x.div(2) },
        { "div floor", x => x.div_(2, RoundingMode.floor), x => x.div(2, RoundingMode.floor) },
        { "pow", x => x.pow_(2), x => x.pow(2) },
        { "abs", x => x.abs_(), x => x.abs() },
        { "exp", x => x.exp_(), x => x.exp() },
        { "sqrt", x => x.sqrt_(), x => x.sqrt() },
        { "relu", x => x.relu_(), x => x.relu() },
        { "sigmoid", x => x.sigmoid_(), x => x.sigmoid() },
        { "tanh", x => x.tanh_(), x => x.tanh() },
        { "clamp", x => x.clamp_(0, 1), x => x.clamp(0, 1) },
        { "masked_fill", x => x.masked_fill_(x > 0, 5), x => x.masked_fill(x > 0, 5) },
        { "transpose", x => x.transpose_(0, 1), x => x.transpose(0, 1) },
        { "unsqueeze", x => x.unsqueeze_(0), x => x.unsqueeze(0) },
        { "squeeze", x => x.squeeze_(), x => x.squeeze() },
        { "scatter_add", x => x.scatter_add_(0, zeros(1, 2, dtype: ScalarType.Int64), ones(1, 2)), x => x.scatter_add(0, zeros(1, 2, dtype: ScalarType.Int64), ones(1, 2)) },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void It_does_to_the_tensor_what_the_other_returns(string name, Func<Tensor, Tensor> inPlace, Func<Tensor, Tensor> pure)
    {
        var x = tensor(new[,] { { 0.5f, 2 }, { 3, 0.25f } });
        var expected = pure(x.clone());
        var result = inPlace(x);
        Assert.NotSame(x, result);
        Assert.True(expected.Equals(x), name);
        Assert.True(expected.Equals(result), name);
        result.zero_();
        Assert.Equal(0, x.abs().sum().item<float>());
    }

    [Fact]
    public void The_wrapper_returned_may_be_disposed()
    {
        var x = ones(2);
        x.add_(1).Dispose();
        Assert.Equal([2f, 2], x.data<float>().ToArray());
    }

    [Fact]
    public void Filling_and_copying()
    {
        var x = empty(2, 2);
        Assert.Equal([3f, 3, 3, 3], x.fill_(3).data<float>().ToArray());
        Assert.Equal([1f, 2, 1, 2], x.copy_(tensor(new[] { 1L, 2 })).data<float>().ToArray());
        Assert.Equal([0f, 0, 0, 0], x.zero_().data<float>().ToArray());
        x.set_(ones(3));
        Assert.Equal([3], x.shape);
        Assert.Equal([1f, 7, 7], x.index_fill_(0, tensor(new[] { 1L, 2 }), 7).data<float>().ToArray());
        Assert.Equal([5f, 7, 7], x.index_copy_(0, tensor(new[] { 0L }), tensor(new[] { 5f })).data<float>().ToArray());
        Assert.Equal([11f, 7, 7], x.index_add_(0, tensor(new[] { 0L }), tensor(new[] { 3f }), 2).data<float>().ToArray());
    }

    [Fact]
    public void A_leaf_that_learns_is_changed_only_where_gradients_are_off()
    {
        var x = ones(2, requires_grad: true);
        Assert.Contains("leaf Variable", Assert.Throws<ExternalException>(() => x.add_(1)).Message, StringComparison.Ordinal);
        using (no_grad()) x.add_(1);
        Assert.Equal([2f, 2], x.data<float>().ToArray());
        Assert.True(x.requires_grad);
    }

    [Fact]
    public void What_backward_needs_must_not_be_changed()
    {
        var x = ones(2, requires_grad: true);
        var y = x.exp();
        y.add_(1);
        Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => y.sum().backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_does_not_fit_the_type_is_refused()
    {
        Assert.Contains("result type Float can't be cast", Assert.Throws<ExternalException>(() => arange(2).add_(0.5)).Message, StringComparison.Ordinal);
        Assert.Contains("output with shape", Assert.Throws<ExternalException>(() => zeros(1).add_(zeros(2))).Message, StringComparison.Ordinal);
    }
}
