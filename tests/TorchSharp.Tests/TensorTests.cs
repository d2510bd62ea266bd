using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class TensorTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Values_go_in_and_come_out_for_every_element_type()
    {
        Assert.Equal([1f, 2.5f], tensor(new[] { 1f, 2.5f }).data<float>().ToArray());
        Assert.Equal([1d, 2.5d], tensor(new[] { 1d, 2.5d }).data<double>().ToArray());
        Assert.Equal([1L, -2L], tensor(new[] { 1L, -2L }).data<long>().ToArray());
        Assert.Equal([1, -2], tensor(new[] { 1, -2 }).data<int>().ToArray());
        Assert.Equal([(byte)1, (byte)255], tensor(new byte[] { 1, 255 }).data<byte>().ToArray());
        Assert.Equal([true, false], tensor(new[] { true, false }).data<bool>().ToArray());
        Assert.Equal((Half)1.5f, tensor(1.5f).half().item<Half>());
        Assert.Equal(ScalarType.BFloat16, tensor(1.5f).bfloat16().dtype);
        Assert.Equal(1.5f, tensor(1.5f).bfloat16().@float().item<float>());
    }

    [Fact]
    public void Factories_give_shape_type_and_values()
    {
        Assert.Equal([2, 3], zeros(2, 3).shape);
        Assert.Equal(ScalarType.Int64, ones(2, dtype: ScalarType.Int64).dtype);
        Assert.Equal([0L, 1, 2], arange(3).data<long>().ToArray());
        Assert.Equal([1f, 1.5f, 2], linspace(1, 2, 3).data<float>().ToArray());
        Assert.Equal([7f, 7], full(new long[] { 2 }, 7f).data<float>().ToArray());
        Assert.Equal([1f, 0, 0, 1], eye(2).data<float>().ToArray());
        Assert.Equal([1, 3, 4, 32, 32], randn(new long[] { 1, 3, 4, 32, 32 }).shape);
    }

    [Fact]
    public void The_same_seed_draws_the_same_numbers()
    {
        manual_seed(5);
        var first = randn(4);
        var state = get_rng_state();
        var second = randn(4);
        manual_seed(5);
        Assert.True(first.Equals(randn(4)));
        set_rng_state(state);
        Assert.True(second.Equals(randn(4)));
    }

    [Fact]
    public void Operators_take_tensors_and_numbers_on_either_side()
    {
        var x = tensor(new[] { 1f, 2, 4 });
        Assert.Equal([3f, 4, 6], (x + 2).data<float>().ToArray());
        Assert.Equal([1f, 0, -2], (2 - x).data<float>().ToArray());
        Assert.Equal([2f, 1, 0.5f], (2 / x).data<float>().ToArray());
        Assert.Equal([0.5f, 1, 2], (x / 2).data<float>().ToArray());
        Assert.Equal([1f, 0, 1], (x % 3 == (Scalar)1).to(ScalarType.Float32).data<float>().ToArray());
        Assert.Equal([-1f, -2, -4], (-x).data<float>().ToArray());
        Assert.Equal([false, true, true], (x > (Scalar)1).data<bool>().ToArray());
    }

    [Fact]
    public void Brackets_take_numbers_ranges_ellipsis_new_axes_and_tensors()
    {
        var x = arange(24).view(2, 3, 4);
        Assert.Equal(23, x[1, 2, 3].item<long>());
        Assert.Equal([3, 4], x[1].shape);
        Assert.Equal([2, 2, 4], x[.., 1..].shape);
        Assert.Equal([2, 3], x[TensorIndex.Ellipsis, 1].shape);
        Assert.Equal([2, 1, 3, 4], x[TensorIndex.Colon, TensorIndex.None].shape);
        Assert.Equal([3L, 7, 11], x[0, TensorIndex.Colon, ^1].data<long>().ToArray());
        Assert.Equal([0L, 8], x[0, TensorIndex.Slice(step: 2), 0].data<long>().ToArray());
        Assert.Equal([8L, 4], x[TensorIndex.Single(0), TensorIndex.Tensor(tensor(new[] { 2L, 1 })), TensorIndex.Single(0)].data<long>().ToArray());
        Assert.Equal(12, x[TensorIndex.Tensor(x >= (Scalar)12)].numel());
    }

    [Fact]
    public void Assignment_writes_into_the_same_storage()
    {
        var x = zeros(3, 4);
        x[1] = ones(4);
        x[.., 3] = tensor(5f);
        x[TensorIndex.Tensor(x == (Scalar)0)] = tensor(-1f);
        Assert.Equal([-1f, -1, -1, 5, 1, 1, 1, 5, -1, -1, -1, 5], x.data<float>().ToArray());
    }

    [Fact]
    public void Too_many_indices_are_refused() => Assert.Throws<IndexOutOfRangeException>(() => zeros(2, 2)[TensorIndex.Single(0), TensorIndex.Single(0), TensorIndex.Single(0)]);

    [Fact]
    public void An_accessor_respects_strides()
    {
        var x = arange(6).view(2, 3).t();
        Assert.Equal([0L, 3, 1, 4, 2, 5], x.data<long>().ToArray());
        Assert.Equal(4, x.data<long>()[1, 1]);
        Assert.Throws<IndexOutOfRangeException>(() => x.data<long>()[3, 0]);
        Assert.Throws<InvalidOperationException>(() => x.data<float>());
    }

    [Fact]
    public void Reductions_agree_with_sums_done_by_hand()
    {
        var x = tensor(new[] { 1f, 2, 3, 4, 5, 6 }).view(2, 3);
        Assert.Equal(21, x.sum().item<float>());
        Assert.Equal([5f, 7, 9], x.sum(0L).data<float>().ToArray());
        Assert.Equal([2f, 5], x.mean([1L]).data<float>().ToArray());
        Assert.Equal([1, 3], x.sum(0L, keepdim: true).shape);
        Assert.Equal([2L, 2], x.argmax(1).data<long>().ToArray());
        var (values, indices) = x.topk(2, 1);
        Assert.Equal([3f, 2, 6, 5], values.data<float>().ToArray());
        Assert.Equal([2L, 1, 2, 1], indices.data<long>().ToArray());
        Assert.Equal(Math.Sqrt(91), x.norm().item<float>(), 4);
        Assert.Equal(1, x.std(1)[0].item<float>(), 5);
    }

    [Fact]
    public void Shapes_change_without_copying()
    {
        var x = arange(24);
        var view = x.view(2, 3, 4).transpose(1, 2);
        view[0, 0, 0] = tensor(100L);
        Assert.Equal(100, x[0].item<long>());
        Assert.False(view.is_contiguous());
        Assert.Equal([2, 12], view.reshape(2, -1).shape);
        Assert.Equal([4, 2, 3], x.view(2, 3, 4).permute(2, 0, 1).shape);
        Assert.Equal([2, 3, 2, 2], x.view(2, 3, 4).unflatten(2, 2, 2).shape);
        Assert.Equal([3, 8], stack(x.view(3, 8).unbind()).shape);
        Assert.Equal([6, 8], cat([x.view(3, 8), x.view(3, 8)]).shape);
    }

    [Fact]
    public void An_in_place_call_returns_another_wrapper_of_the_same_storage()
    {
        var x = ones(2);
        var y = x.add_((Scalar)1);
        Assert.NotSame(x, y);
        y.zero_();
        Assert.Equal([0f, 0], x.data<float>().ToArray());
    }

    [Fact]
    public void Gradients_agree_with_finite_differences()
    {
        GradCheck.Holds(x => x[0].matmul(x[1]) + x[2], GradCheck.Random(2, 3), GradCheck.Random(3, 2), GradCheck.Random(2));
        GradCheck.Holds(x => x[0].softmax(-1).log(), GradCheck.Random(2, 4));
        GradCheck.Holds(x => x[0].exp() * x[0].tanh() / (x[0] * x[0] + 1), GradCheck.Random(5));
        GradCheck.Holds(x => x[0].gelu() + x[0].sigmoid() - x[0].abs().sqrt(), GradCheck.Random(4) + 3);
        GradCheck.Holds(x => x[0][.., 1..].transpose(0, 1).reshape(-1).mean(), GradCheck.Random(3, 3));
        GradCheck.Holds(x => cat([x[0], x[1].expand(3, 2)], 1).unbind(1)[2], GradCheck.Random(3, 2), GradCheck.Random(1, 2));
        GradCheck.Holds(x => einsum("ij,kj->ik", x[0], x[1]), GradCheck.Random(2, 3), GradCheck.Random(2, 3));
        GradCheck.Holds(x => x[0].var(new long[] { 1 }) + x[0].logsumexp(1), GradCheck.Random(2, 4));
    }

    [Fact]
    public void Grad_mode_is_off_inside_no_grad_and_back_after()
    {
        var x = ones(2).requires_grad_();
        using (no_grad()) Assert.False((x * 2).requires_grad);
        Assert.True((x * 2).requires_grad);
        using (inference_mode()) Assert.True(is_inference_mode_enabled());
        Assert.False(is_inference_mode_enabled());
    }

    [Fact]
    public void Backward_accumulates_into_grad()
    {
        var x = tensor(new[] { 1f, 2 }).requires_grad_();
        (x * x).sum().backward();
        (x * x).sum().backward();
        Assert.Equal([4f, 8], x.grad!.data<float>().ToArray());
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Libtorchs_messages_arrive_as_exceptions()
    {
        Assert.Contains("must match the size", Assert.Throws<ExternalException>(() => zeros(2, 3) + zeros(4)).Message, StringComparison.Ordinal);
        Assert.Contains("shape '[7]' is invalid", Assert.Throws<ExternalException>(() => zeros(6).view(7)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        var x = zeros(2);
        x.Dispose();
        Assert.True(x.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => x.shape);
        x.Dispose();
    }

    [Fact]
    public void Reading_memory_needs_a_contiguous_tensor()
    {
        Assert.Equal(8, zeros(2).bytes.Length);
        Assert.Throws<NotImplementedException>(() => zeros(2, 3).t().bytes.Length);
    }
}
