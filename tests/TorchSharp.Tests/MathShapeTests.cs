using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class MathShapeTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor cube = arange(24).view(2, 3, 4);

    public void Dispose() => scope.Dispose();

    private static long[] Values(Tensor tensor) => tensor.data<long>().ToArray();

    [Fact]
    public void Reshaping_keeps_the_order_of_elements()
    {
        Assert.Equal([4, 6], cube.reshape(4, -1).shape);
        Assert.Equal([24], cube.flatten().shape);
        Assert.Equal([2, 12], flatten(cube, 1).shape);
        Assert.Equal([2, 3, 2, 2], cube.unflatten(-1, 2, 2).shape);
        Assert.Equal([1, 2, 3, 4], cube.unsqueeze(0).shape);
        Assert.Equal([2, 3, 4], cube.unsqueeze(-1).squeeze(-1).shape);
        Assert.Equal([24L - 1], Values(cube.reshape(-1)[^1].view(1)));
        Assert.Equal([6, 4], cube.view_as(zeros(6, 4)).shape);
        Assert.Equal("shape '[5, 5]' is invalid for input of size 24", Assert.Throws<ExternalException>(() => cube.view(5, 5)).Message.Split('\n')[0]);
    }

    [Fact]
    public void Axes_move()
    {
        Assert.Equal([4, 2, 3], cube.permute(2, 0, 1).shape);
        Assert.Equal([3, 2, 4], cube.transpose(0, 1).shape);
        Assert.Equal([2, 4, 3], cube.mT.shape);
        Assert.Equal([4, 3, 2], cube.T.shape);
        Assert.Equal([4, 3, 2], swapaxes(cube, 0, 2).shape);
        Assert.Equal([3, 4, 2], moveaxis(cube, 0, 2).shape);
        Assert.Equal([4, 3, 2], moveaxis(cube, (0, 2), (2, 0)).shape);
        Assert.Equal([4, 2, 3], movedim(cube, [2], [0]).shape);
        Assert.Equal([0L, 2, 1, 3], Values(arange(4).view(2, 2).t()));
    }

    [Fact]
    public void Expanding_repeating_and_tiling()
    {
        var x = tensor(new[] { 1L, 2 });
        Assert.Equal([1L, 2, 1, 2], Values(x.expand(2, 2)));
        Assert.Equal([0L, 1], x.expand(2, 2).stride());
        Assert.Equal([1L, 2, 1, 2], Values(x.repeat(2)));
        Assert.Equal([1L, 2, 1, 2], Values(tile(x, [2])));
        Assert.Equal([1L, 1, 2, 2], Values(repeat_interleave(x, 2)));
        Assert.Equal([1L, 2, 2], Values(repeat_interleave(x, x)));
        Assert.Equal([1L, 2, 1, 2], Values(broadcast_to(x, 2, 2)));
        Assert.Equal([3, 2], broadcast_tensors(x, zeros(3, 1))[0].shape);
        Assert.Equal([2, 3], meshgrid([x, arange(3)])[0].shape);
        Assert.Equal([3, 2], meshgrid([x, arange(3)], "xy")[0].shape);
    }

    [Fact]
    public void Joining()
    {
        var (x, y) = (tensor(new[] { 1L, 2 }), tensor(new[] { 3L, 4 }));
        Assert.Equal([1L, 2, 3, 4], Values(cat([x, y])));
        Assert.Equal([1L, 2, 3, 4], Values(concat(new List<Tensor> { x, y })));
        Assert.Equal([1L, 2, 3, 4], Values(concatenate([x, y])));
        Assert.Equal([1L, 3, 2, 4], Values(stack([x, y], 1)));
        Assert.Equal([1L, 2, 3, 4], Values(hstack(x, y)));
        Assert.Equal([2, 2], vstack([x, y]).shape);
    }

    [Fact]
    public void Splitting()
    {
        Assert.Equal([3, 2], arange(5).chunk(2).Select(part => part.numel()));
        Assert.Equal([2, 2, 1], arange(5).split(2).Select(part => part.numel()));
        Assert.Equal([1, 4], arange(5).split([1L, 4]).Select(part => part.numel()));
        Assert.Equal([2, 2, 1], tensor_split(arange(5), 3).Select(part => part.numel()));
        Assert.Equal([1, 3, 1], tensor_split(arange(5), [1, 4]).Select(part => part.numel()));
        Assert.Equal([1, 3, 1], tensor_split(arange(5), tensor(new[] { 1L, 4 })).Select(part => part.numel()));
        Assert.Equal([0L, 1, 2, 3, 4], unbind(arange(5), 0L).Select(part => part.item<long>()));
        Assert.Equal([1L, 2], Values(narrow(arange(5), 0, 1, 2)));
        Assert.Equal([1L, 3], Values(arange(5).slice(0, 1, 5, 2)));
    }

    [Fact]
    public void Turning_and_rolling()
    {
        var x = arange(4).view(2, 2);
        Assert.Equal([1L, 0, 3, 2], Values(flip(x, 1)));
        Assert.Equal([1L, 3, 0, 2], Values(rot90(x)));
        Assert.Equal([2L, 0, 3, 1], Values(rot90(x, -1)));
        Assert.Equal([3L, 0, 1, 2], Values(roll(x, 1)));
        Assert.Equal([2L, 3, 0, 1], Values(roll(x, 1, 0)));
        Assert.Equal([2L, 3, 0, 1], Values(x.roll(new long[] { 1 })));
        Assert.Equal([3L, 2, 1, 0], Values(x.roll((1, 1), (0, 1))));
        Assert.Equal([0L, 0, 2, 3], Values(x.masked_fill(ones(2, 2).triu().@bool(), 0) + tensor(new[,] { { 0L, 0 }, { 0, 3 } })));
        Assert.Equal([0L, 3], Values(diag(x)));
        Assert.Equal([1L], Values(x.diagonal(1)));
        Assert.Equal([0L, 0, 2, 3], Values(tril(x)));
        Assert.Equal([0L, 1, 0, 3], Values(triu(x)));
    }

    [Fact]
    public void Gathering_and_scattering()
    {
        var x = tensor(new[,] { { 1L, 2 }, { 3, 4 } });
        var index = tensor(new[,] { { 1L }, { 0 } });
        Assert.Equal([2L, 3], Values(gather(x, 1, index)));
        Assert.Equal([1L, 9, 9, 4], Values(scatter(x, 1, index, full(new long[] { 2, 1 }, 9L))));
        Assert.Equal([1L, 11, 12, 4], Values(scatter_add(x, 1, index, full(new long[] { 2, 1 }, 9L))));
        Assert.Equal([3L, 4], Values(index_select(x, 0, tensor(new[] { 1L }))));
        Assert.Equal([4L, 1], Values(take(x, tensor(new[] { 3L, 0 }))));
    }

    [Fact]
    public void A_copy_shares_nothing_and_an_alias_everything()
    {
        var x = zeros(2);
        x.clone().fill_(1);
        Assert.Equal([0f, 0], x.data<float>().ToArray());
        x.alias().fill_(2);
        x.detach().add_(1);
        Assert.Equal([3f, 3], x.data<float>().ToArray());
        Assert.True(arange(4).view(2, 2).t().contiguous().is_contiguous());
    }

    [Fact]
    public void Gradients()
    {
        GradCheck.Holds(x => x[0].permute(1, 0).reshape(-1).view(3, 2).squeeze().unsqueeze(0), GradCheck.Random(2, 3));
        GradCheck.Holds(x => x[0].expand(3, 2) * x[0].repeat(3, 1), GradCheck.Random(1, 2));
        GradCheck.Holds(x => stack(x[0].chunk(2)) + cat(x[0].split(1)).view(2, 1, 2), GradCheck.Random(2, 2));
        GradCheck.Holds(x => x[0].flip(0).roll(1, 1).tril() + rot90(x[0]).triu(), GradCheck.Random(3, 3));
        GradCheck.Holds(x => x[0].gather(1, zeros(2, 2, dtype: ScalarType.Int64)) + x[0].index_select(0, tensor(new[] { 1L, 1 })), GradCheck.Random(2, 2));
        GradCheck.Holds(x => repeat_interleave(x[0], 2, 0).select(0, 1).diag(), GradCheck.Random(2, 2));
        GradCheck.Holds(x => meshgrid([x[0], x[1]])[0] * meshgrid([x[0], x[1]])[1], GradCheck.Random(2), GradCheck.Random(3));
    }
}
