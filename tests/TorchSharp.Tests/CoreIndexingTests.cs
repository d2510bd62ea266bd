using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class CoreIndexingTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_slice_picks_what_a_loop_with_the_same_bounds_picks()
    {
        const int length = 7;
        var x = arange(length);
        foreach (long? start in new long?[] { null, 0, 2, 6, 9, -1, -3, -9 })
        {
            foreach (long? stop in new long?[] { null, 0, 3, 7, 9, -1, -4, -9 })
            {
                foreach (long step in new long[] { 1, 2, 5 })
                {
                    var picked = new List<long>();
                    for (long k = Bound(start, 0); k < Bound(stop, length); k += step) picked.Add(k);
                    Assert.Equal(picked, x[TensorIndex.Slice(start, stop, step)].data<long>().ToArray());
                }
            }
        }

        static long Bound(long? bound, long missing) => Math.Clamp(bound is { } given ? (given < 0 ? given + length : given) : missing, 0, length);
    }

    [Fact]
    public void Slices_are_written_as_ranges_tuples_or_calls()
    {
        var x = arange(10);
        Assert.Equal([2L, 3], x[2..4].data<long>().ToArray());
        Assert.Equal([8L, 9], x[^2..].data<long>().ToArray());
        Assert.Equal([0L, 1], x[..^8].data<long>().ToArray());
        Assert.Equal([2L, 3], x[TensorIndex.Slice((2, 4))].data<long>().ToArray());
        Assert.Equal([8L, 9], x[TensorIndex.Slice((8, null))].data<long>().ToArray());
        Assert.Equal(9, x[^1].item<long>());
        Assert.Equal(9, x[-1].item<long>());
        Assert.Equal(10, x[TensorIndex.Colon].numel());
    }

    [Fact]
    public void A_step_backwards_is_refused() => Assert.Throws<ExternalException>(() => arange(3)[TensorIndex.Slice(step: -1)]);

    [Fact]
    public void Slices_are_views()
    {
        var x = zeros(4);
        x[1..3].fill_(1);
        x[TensorIndex.Ellipsis, 0].fill_(2);
        Assert.Equal([2f, 1, 1, 0], x.data<float>().ToArray());
    }

    [Fact]
    public void New_axes_and_truth_values_add_a_dimension()
    {
        var x = zeros(2, 3);
        Assert.Equal([1, 2, 3], x[TensorIndex.None].shape);
        Assert.Equal([2, 1, 3], x[TensorIndex.Colon, TensorIndex.Null].shape);
        Assert.Equal([2, 3, 1], x[TensorIndex.Ellipsis, TensorIndex.None].shape);
        Assert.Equal([1, 2, 3], x[TensorIndex.Bool(true)].shape);
        Assert.Equal([0, 2, 3], x[TensorIndex.Bool(false)].shape);
    }

    [Fact]
    public void Tensors_pick_elements_together()
    {
        var x = arange(12).view(3, 4);
        var rows = tensor(new[] { 2L, 0 });
        var columns = tensor(new[] { 1L, 3 });
        Assert.Equal([9L, 3], x[rows, columns].data<long>().ToArray());
        Assert.Equal([2, 4], x[rows].shape);
        Assert.Equal([9L, 11, 1, 3], x[TensorIndex.Tensor(rows), TensorIndex.Slice(1, 4, 2)].data<long>().ToArray());
        Assert.Equal([1, 3, 5, 7, 9, 11], x[x % 2 == 1].data<long>().ToArray());
        Assert.Equal([4L, 5, 6, 7], x[tensor(new[] { false, true, false })].data<long>().ToArray());
    }

    [Fact]
    public void Every_kind_of_index_can_be_assigned_to()
    {
        var x = zeros(2, 3);
        x[0, 1] = 1f;
        x[1] = tensor(new[] { 2f, 3, 4 });
        Assert.Equal([0f, 1, 0, 2, 3, 4], x.data<float>().ToArray());
        x[.., 2..] = 5f;
        x[TensorIndex.Ellipsis, ^3] = -1f;
        Assert.Equal([-1f, 1, 5, -1, 3, 5], x.data<float>().ToArray());
        x[x > 2] = 0f;
        Assert.Equal([-1f, 1, 0, -1, 0, 0], x.data<float>().ToArray());
        x[tensor(new[] { 0L, 1 }), tensor(new[] { 2L, 2 })] = tensor(new[] { 7f, 8 });
        Assert.Equal([-1f, 1, 7, -1, 0, 8], x.data<float>().ToArray());
    }

    [Fact]
    public void Putting_can_accumulate()
    {
        var x = zeros(3);
        x.index_put_(ones(4), [tensor(new[] { 0L, 2, 2, 2 })], accumulate: true);
        Assert.Equal([1f, 0, 3], x.data<float>().ToArray());
        x.index_put_(tensor(2f), [TensorIndex.Slice(0, 2)], accumulate: true);
        Assert.Equal([3f, 2, 3], x.data<float>().ToArray());
    }

    [Fact]
    public void Indices_out_of_range_are_refused()
    {
        Assert.Throws<ExternalException>(() => zeros(2)[2]);
        Assert.Throws<ExternalException>(() => zeros(2)[-3]);
        Assert.Throws<ExternalException>(() => zeros(2)[tensor(new[] { 5L })]);
    }

    [Fact]
    public void An_assigned_value_may_have_leading_dimensions_of_one()
    {
        var x = zeros(2, 3);
        x[0, 0] = ones(1);
        x[1] = full([1, 1, 3], 2f);
        Assert.Equal([1f, 0, 0, 2, 2, 2], x.data<float>().ToArray());
        var error = Assert.ThrowsAny<Exception>(() => x[0] = ones(2, 3));
        Assert.Contains("shape", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Gradients_flow_through_every_kind()
    {
        var rows = tensor(new[] { 1L, 0, 1 });
        GradCheck.Holds(x => x[0][1], GradCheck.Random(3, 2));
        GradCheck.Holds(x => x[0][.., ^1], GradCheck.Random(3, 2));
        GradCheck.Holds(x => x[0][TensorIndex.Slice(step: 2), TensorIndex.None], GradCheck.Random(3, 2));
        GradCheck.Holds(x => x[0][rows], GradCheck.Random(3, 2));
        GradCheck.Holds(x => x[0][TensorIndex.Tensor(rows), TensorIndex.Slice(1)], GradCheck.Random(3, 2));
        GradCheck.Holds(
            x =>
            {
                var y = x[0] * 1;
                y[1..] = x[1];
                return y;
            },
            GradCheck.Random(3, 2),
            GradCheck.Random(2));
    }
}
