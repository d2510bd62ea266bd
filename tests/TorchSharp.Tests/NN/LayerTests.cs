using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class LayerTests : Scoped
{
    [Fact]
    public void A_linear_layer_is_a_matrix_and_a_shift()
    {
        using var linear = Linear(Parameter(tensor(new[] { 1f, 2, 3, 4, 5, 6 }).view(2, 3)), Parameter(tensor(new[] { 10f, 20 })));
        Assert.Equal((3, 2), (linear.in_features, linear.out_features));
        Compare.Near([16, 35], linear.call(ones(1, 3)));
    }

    [Fact]
    public void A_convolution_in_one_dimension_slides_its_kernel()
    {
        using var conv = Conv1d(1, 1, 2, bias: false);
        conv.weight = Parameter(tensor(new[] { 1f, -1 }).view(1, 1, 2));
        Compare.Near([-1, -3, -5], conv.call(tensor(new[] { 0f, 1, 4, 9 }).view(1, 1, 4)));
    }

    [Fact]
    public void Groups_of_channels_do_not_see_each_other()
    {
        using var conv = Conv2d(4, 4, 3, padding: 1, groups: 4);
        Assert.Equal([4, 1, 3, 3], conv.weight.shape);
        var x = randn(1, 4, 5, 5);
        var expected = cat([.. Enumerable.Range(0, 4).Select(k => functional.conv2d(x.narrow(1, k, 1), conv.weight.narrow(0, k, 1), conv.bias!.narrow(0, k, 1), padding: [1, 1]))], 1);
        Compare.Near(expected, conv.call(x), 1e-5);
        Assert.Throws<ArgumentException>(() => Conv2d(3, 4, 1, groups: 2));
    }

    [Fact]
    public void Sizes_may_differ_by_dimension()
    {
        Assert.Equal([1, 2, 3, 4], Conv2d(1, 2, (3, 2), stride: (2, 1), padding: (1, 0)).call(zeros(1, 1, 5, 5)).shape);
        Assert.Equal([1, 2, 3, 4, 5], Conv3d(1, 2, (1, 2, 3), dilation: (1, 2, 1), padding: (0, 1, 1)).call(zeros(new long[] { 1, 1, 3, 4, 5 })).shape);
        Assert.Equal([1, 2, 2, 2, 2], Conv3d(1, 2, 2, stride: 2).call(zeros(new long[] { 1, 1, 4, 4, 4 })).shape);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void Same_padding_keeps_the_size(long kernel, long dilation)
    {
        using var conv = Conv2d(1, 1, kernel, Padding.Same, dilation: dilation);
        Assert.Equal([1, 1, 6, 7], conv.call(randn(1, 1, 6, 7)).shape);
        Assert.Null(conv.padding);
    }

    [Fact]
    public void Same_padding_knows_no_stride() => Assert.Throws<ArgumentException>(() => Conv2d(1, 1, 3, Padding.Same, stride: 2));

    [Fact]
    public void Padding_with_what_is_there_is_a_convolution_over_the_padded_input()
    {
        var x = randn(1, 1, 4, 6);
        foreach (var mode in new[] { PaddingModes.Reflect, PaddingModes.Replicate, PaddingModes.Circular })
        {
            using var conv = Conv2d(1, 1, (3, 5), padding: (1, 2), padding_mode: mode);
            using var same = Conv2d(1, 1, (3, 5), Padding.Same, padding_mode: mode);
            var padded = functional.pad(x, [2, 2, 1, 1], mode);
            Compare.Near(functional.conv2d(padded, conv.weight, conv.bias), conv.call(x), 1e-5);
            Compare.Near(functional.conv2d(padded, same.weight, same.bias), same.call(x), 1e-5);
        }
    }

    [Fact]
    public void A_layer_norm_normalizes_each_sample()
    {
        using var norm = LayerNorm(4, eps: 0);
        Compare.Near([-1.3416408, -0.4472136, 0.4472136, 1.3416408], norm.call(tensor(new[] { 1f, 2, 3, 4 })), 1e-5);
        Assert.Equal(["weight"], LayerNorm(4, bias: false).state_dict().Keys);
        Assert.Empty(LayerNorm(4, elementwise_affine: false).state_dict());
        Assert.Equal([2, 3], LayerNorm([2, 3]).weight.shape);
    }

    [Fact]
    public void A_group_norm_normalizes_groups_of_channels()
    {
        using var norm = GroupNorm(2, 4, eps: 0);
        Compare.Near([-1, 1, -1, 1], norm.call(tensor(new[] { 1f, 3, 100, 300 }).view(1, 4, 1)), 1e-5);
        Assert.Throws<ArgumentException>(() => GroupNorm(3, 4));
    }

    [Fact]
    public void A_batch_norm_keeps_running_statistics_in_training_and_uses_them_after()
    {
        using var norm = BatchNorm1d(1);
        var x = tensor(new[] { 1f, 3 }).view(2, 1);
        Compare.Near([-1, 1], norm.call(x), 1e-4);
        Compare.Near([0.2], norm.running_mean!);
        Compare.Near([0.9 + 0.1 * 2], norm.running_var!);
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
        norm.eval();
        Compare.Near((x - 0.2) / Math.Sqrt(1.1 + 1e-5), norm.call(x), 1e-5);
        Assert.Equal(1, norm.num_batches_tracked.item<long>());
        norm.reset_running_stats();
        Compare.Near(x, norm.call(x), 1e-4);
    }

    [Fact]
    public void Without_momentum_all_batches_weigh_the_same()
    {
        using var norm = BatchNorm1d(1);
        norm.momentum = null;
        norm.call(tensor(new[] { 0f, 2 }).view(2, 1));
        norm.call(tensor(new[] { 2f, 4 }).view(2, 1));
        Compare.Near([2], norm.running_mean!);
    }

    [Fact]
    public void Without_running_statistics_the_batch_decides_always()
    {
        using var norm = BatchNorm2d(1, track_running_stats: false, affine: false);
        Assert.Empty(norm.state_dict());
        norm.eval();
        Compare.Near([-1, 1], norm.call(tensor(new[] { 1f, 3 }).view(2, 1, 1, 1)), 1e-4);
    }

    [Fact]
    public void A_batch_norm_says_what_shape_it_takes()
    {
        var error = Assert.Throws<ArgumentException>(() => BatchNorm3d(1).call(zeros(1, 1, 2, 2)));
        Assert.Equal("BatchNorm3d takes a tensor of 5 dimensions, not 4", error.Message);
        Assert.Throws<ArgumentException>(() => BatchNorm1d(1).call(zeros(1)));
    }

    [Fact]
    public void Dropout_zeroes_in_training_only_and_keeps_the_mean()
    {
        manual_seed(0);
        using var dropout = Dropout(0.25);
        var x = ones(100, 100);
        var y = dropout.call(x);
        Assert.Equal([0, 4f / 3], y.reshape(-1).data<float>().ToArray().Distinct().Order());
        Assert.InRange(y.mean().item<float>(), 0.97f, 1.03f);
        dropout.eval();
        Assert.True(dropout.call(x).Equals(x));
        Assert.True(functional.dropout(x, 1).Equals(zeros(100, 100)));
    }

    [Fact]
    public void Dropout_of_channels_takes_whole_ones()
    {
        manual_seed(0);
        Assert.All(
            new[] { Dropout2d().call(ones(4, 16, 3, 3)), Dropout3d().call(ones(new long[] { 4, 16, 3, 3, 3 })), Dropout1d().call(ones(4, 16, 9)) },
            y =>
            {
                var channels = y.flatten(2);
                Assert.True(channels.amin(2).Equals(channels.amax(2)));
                Assert.Equal([0f, 2f], channels.reshape(-1).data<float>().ToArray().Distinct().Order());
            });
    }

    [Fact]
    public void An_embedding_looks_rows_up_and_learns_only_those()
    {
        using var embedding = Embedding(4, 2, padding_idx: 1);
        var y = embedding.call(tensor(new[] { 3L, 1, 3 }));
        Assert.True(y[0].Equals(embedding.weight![3]));
        y.sum().backward();
        Compare.Near([0, 0, 0, 0, 0, 0, 2, 2], embedding.weight.grad!);
        Assert.Throws<ArgumentException>(() => Embedding(4, 2, padding_idx: 4));
    }

    [Fact]
    public void An_embedding_shortens_rows_that_are_too_long()
    {
        using var embedding = Embedding(2, 2, max_norm: 1);
        using (no_grad()) embedding.weight!.fill_(3);
        Compare.Near([Math.Sqrt(0.5), Math.Sqrt(0.5)], embedding.call(tensor(new[] { 0L })), 1e-5);
        Compare.Near([3, 3], embedding.weight![1]);
    }

    [Fact]
    public void Shapes_are_flattened_and_unflattened()
    {
        var x = zeros(2, 3, 4);
        Assert.Equal([2, 12], Flatten().call(x).shape);
        Assert.Equal([6, 4], Flatten(0, 1).call(x).shape);
        Assert.Equal([2, 3, 2, 2], Unflatten(2, [2, 2]).call(x).shape);
        Assert.Equal([2, 3, 4], Identity().call(x).shape);
    }
}
