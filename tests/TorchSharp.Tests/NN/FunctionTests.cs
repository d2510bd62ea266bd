using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class FunctionTests : Scoped
{
    public static TheoryData<string, Module<Tensor, Tensor>, double[]> Activations => new()
    {
        { "ReLU", ReLU(), [0, 0, 2] },
        { "ReLU6", ReLU6(), [0, 0, 2] },
        { "LeakyReLU", LeakyReLU(0.1), [-0.1, 0, 2] },
        { "GELU", GELU(), [-0.15865525, 0, 1.95449974] },
        { "GELU by tanh", GELU(Modules.GELU.Approximate.tanh), [-0.15880801, 0, 1.95459769] },
        { "SiLU", SiLU(), [-0.26894142, 0, 1.76159416] },
        { "Hardswish", Hardswish(), [-1.0 / 3, 0, 5.0 / 3] },
        { "Sigmoid", Sigmoid(), [0.26894142, 0.5, 0.88079708] },
        { "Tanh", Tanh(), [-0.76159416, 0, 0.96402758] },
        { "Softmax", Softmax(0), [0.04201007, 0.11419520, 0.84379473] },
        { "LogSoftmax", LogSoftmax(0), [-3.16984602, -2.16984602, -0.16984602] },
    };

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activations_have_their_known_values(string name, Module<Tensor, Tensor> activation, double[] expected)
    {
        Assert.NotEmpty(name);
        Compare.Near(expected, activation.call(tensor(new[] { -1.0, 0, 2 })), 1e-7);
    }

    [Fact]
    public void In_place_the_input_itself_changes()
    {
        foreach (var module in new Module<Tensor, Tensor>[] { ReLU(true), ReLU6(true), LeakyReLU(inplace: true), GELU(true), SiLU(true), Hardswish(true), Sigmoid(true), Tanh(inplace: true) })
        {
            var x = tensor(new[] { -1.0, 0.5 });
            var y = module.call(x);
            Assert.True(x.Equals(y), module.GetName());
            Assert.False(x.Equals(tensor(new[] { -1.0, 0.5 })), module.GetName());
        }
    }

    [Fact]
    public void Pools_take_the_largest_or_the_mean_of_each_window()
    {
        var x = arange(1, 17, ScalarType.Float32).view(1, 1, 4, 4);
        Compare.Near([6, 8, 14, 16], MaxPool2d(2).call(x));
        Compare.Near([6, 7, 8, 10, 11, 12, 14, 15, 16], MaxPool2d(2, stride: 1).call(x));
        Compare.Near([3.5, 5.5, 11.5, 13.5], AvgPool2d((2, 2)).call(x));
        Compare.Near([14.0 / 9, 30.0 / 9], functional.avg_pool2d(x, 3, stride: 2, padding: 1).view(-1)[..2]);
        Compare.Near([3.5, 5], AvgPool2d(3, stride: 2, padding: 1, count_include_pad: false).call(x).view(-1)[..2]);
        Assert.Equal([1, 1, 2, 3], MaxPool2d((2, 1), stride: (2, 2), ceil_mode: true, padding: (0, 0)).call(zeros(1, 1, 4, 5)).shape);
        Compare.Near([2, 4], MaxPool1d(2).call(tensor(new[] { 1f, 2, 3, 4 }).view(1, 1, 4)));
        Compare.Near([1.5, 3.5], AvgPool1d(2).call(tensor(new[] { 1f, 2, 3, 4 }).view(1, 1, 4)));
        var cube = arange(8, dtype: ScalarType.Float32).view(1, 1, 2, 2, 2);
        Compare.Near([7], MaxPool3d(2).call(cube));
        Compare.Near([3.5], AvgPool3d((2, 2, 2)).call(cube));
        Assert.Equal([1, 1, 2, 1, 2], MaxPool3d((1, 2, 1)).call(cube).shape);
    }

    [Fact]
    public void Pooling_tells_where_the_largest_was()
    {
        var (values, indices) = MaxPool2d(2).forward_with_indices(arange(16, dtype: ScalarType.Float32).view(1, 1, 4, 4));
        Compare.Near([5, 7, 13, 15], values);
        Assert.Equal([5L, 7, 13, 15], indices.view(-1).data<long>().ToArray());
    }

    [Fact]
    public void Adaptive_pools_give_the_size_asked_for()
    {
        var x = arange(6, dtype: ScalarType.Float32).view(1, 1, 6);
        Compare.Near([0.5, 2.5, 4.5], AdaptiveAvgPool1d(3).call(x));
        Assert.Equal([1, 2, 3, 5], AdaptiveAvgPool2d((3, 5)).call(zeros(1, 2, 7, 7)).shape);
        Assert.Equal([1, 2, 1, 1, 1], AdaptiveAvgPool3d(1).call(zeros(new long[] { 1, 2, 4, 4, 4 })).shape);
    }

    [Fact]
    public void Padding_counts_from_the_last_dimension()
    {
        var x = tensor(new[] { 1f, 2, 3 }).view(1, 1, 3);
        Compare.Near([9, 1, 2, 3, 9, 9], functional.pad(x, [1, 2], value: 9));
        Compare.Near([2, 1, 2, 3, 2], functional.pad(x, 1, PaddingModes.Reflect));
        Compare.Near([1, 1, 2, 3, 3], functional.pad(x, (1, 1), PaddingModes.Replicate));
        Compare.Near([3, 1, 2, 3, 1], functional.pad(x, [1, 1], PaddingModes.Circular));
        Assert.Equal([1, 5, 5], functional.pad(x, (1, 1, 2, 2)).shape);
    }

    [Fact]
    public void Windows_are_unfolded_and_added_back()
    {
        var x = arange(9, dtype: ScalarType.Float32).view(1, 1, 3, 3);
        var columns = Unfold(2).call(x);
        Compare.Near([0, 1, 3, 4], columns[0, .., 0]);
        Compare.Near(x * tensor(new[] { 1f, 2, 1, 2, 4, 2, 1, 2, 1 }).view(1, 1, 3, 3), Fold(3, 2).call(columns));
    }

    [Fact]
    public void Numbers_become_unit_vectors_and_vectors_unit_length()
    {
        Assert.Equal([0L, 0, 1, 1, 0, 0], functional.one_hot(tensor(new[] { 2L, 0 })).view(-1).data<long>().ToArray());
        Assert.Equal([2, 5], functional.one_hot(tensor(new[] { 2L, 0 }), 5).shape);
        Compare.Near([0.6, 0.8, 0, 0], functional.normalize(tensor(new[] { 3f, 4, 0, 0 }).view(2, 2)));
        Compare.Near([3.0 / 7, 4.0 / 7], functional.normalize(tensor(new[] { 3f, 4 }).view(1, 2), p: 1));
        Compare.Near([0.6], functional.cosine_similarity(tensor(new[] { 3f, 4 }).view(1, 2), tensor(new[] { 2f, 0 }).view(1, 2)));
    }

    [Fact]
    public void Cross_entropy_knows_weights_ignored_targets_reductions_and_smoothing()
    {
        var logits = tensor(new[] { 1.0, 2, 3, 1, 1, 1 }).view(2, 3);
        var labels = tensor(new[] { 2L, 0 });
        double first = -Math.Log(Math.Exp(3) / (Math.Exp(1) + Math.Exp(2) + Math.Exp(3))), second = Math.Log(3);
        Compare.Near([first, second], functional.cross_entropy(logits, labels, reduction: Reduction.None));
        Compare.Near([first + second], functional.cross_entropy(logits, labels, reduction: Reduction.Sum));
        Compare.Near([(first + second) / 2], CrossEntropyLoss().call(logits, labels));
        var weight = tensor(new[] { 3.0, 1, 1 });
        Compare.Near([(first + 3 * second) / 4], CrossEntropyLoss(weight).call(logits, labels));
        Compare.Near([first], CrossEntropyLoss(ignore_index: 0).call(logits, labels));
        // Smoothing mixes the target with the uniform distribution: class 2 keeps 0.7 + 0.1, the others get 0.1 each.
        Compare.Near([0.8 * first + 0.1 * (first + 1) + 0.1 * (first + 2)], new CrossEntropyLoss(label_smoothing: 0.3).call(logits[..1], labels[..1]));
        var probabilities = tensor(new[] { 0, 0, 1.0, 0.5, 0.5, 0 }).view(2, 3);
        Compare.Near([(first + second) / 2], functional.cross_entropy(logits, probabilities));
        Compare.Near([(first + second) / 2], NLLLoss().call(logits.log_softmax(1), labels));
    }

    [Fact]
    public void Losses_have_their_definitions()
    {
        var (x, y) = (tensor(new[] { 0.5, -3 }), tensor(new[] { 1.0, 0 }));
        Compare.Near([(0.25 + 9) / 2], MSELoss().call(x, y));
        Compare.Near([3.5], L1Loss(Reduction.Sum).call(x, y));
        Compare.Near([0.125, 2.5], SmoothL1Loss(Reduction.None).call(x, y));
        double first = -Math.Log(1 / (1 + Math.Exp(-0.5))), second = -Math.Log(1 - 1 / (1 + Math.Exp(3)));
        Compare.Near([first, second], BCEWithLogitsLoss(reduction: Reduction.None).call(x, y));
        Compare.Near([(2 * first + second) / 2], BCEWithLogitsLoss(pos_weights: tensor(new[] { 2.0, 2 })).call(x, y));
        Compare.Near([(first + second) / 2], BCELoss().call(x.sigmoid(), y));
        var (p, q) = (tensor(new[] { 0.5, 0.5 }), tensor(new[] { 0.25, 0.75 }));
        double divergence = 0.25 * Math.Log(0.5) + 0.75 * Math.Log(1.5);
        Compare.Near([divergence], KLDivLoss(reduction: Reduction.Sum).call(p.log(), q.log()));
        Compare.Near([divergence], KLDivLoss(log_target: false, reduction: Reduction.Sum).call(p.log(), q));
    }

    [Fact]
    public void Resizing_goes_by_size_or_by_factor()
    {
        var line = tensor(new[] { 0f, 1, 2 }).view(1, 1, 3);
        Compare.Near([0, 0, 1, 1, 2, 2], functional.interpolate(line, scale_factor: [2]));
        Compare.Near([0, 0.5, 1, 1.5, 2], functional.interpolate(line, [5], mode: InterpolationMode.Linear, align_corners: true));
        Compare.Near([0, 0.25, 0.75, 1.25, 1.75, 2], functional.interpolate(line, [6], mode: InterpolationMode.Linear));
        Compare.Near([0.5, 1.5], functional.interpolate(line, [2], mode: InterpolationMode.Area));
        var square = arange(4, dtype: ScalarType.Float32).view(1, 1, 2, 2);
        Compare.Near([0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3], functional.interpolate(square, [3], mode: InterpolationMode.Bilinear, align_corners: true));
        Compare.Near([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3], Upsample(scale_factor: [2, 2]).call(square));
        Compare.Near([1.5], functional.interpolate(square, [1, 1], mode: InterpolationMode.Bilinear, antialias: true));
        Compare.Near(square, functional.interpolate(square, [2, 2], mode: InterpolationMode.Bicubic));
        Assert.Equal([1, 1, 3, 4, 6], functional.interpolate(zeros(new long[] { 1, 1, 2, 3, 4 }), scale_factor: [1.5], mode: InterpolationMode.Trilinear).shape);
        Compare.Near([0, 0, 1], functional.interpolate(line, scale_factor: [1.3]));
        Compare.Near([0, 1, 1], functional.interpolate(line, scale_factor: [1.3], mode: InterpolationMode.NearestExact));
    }

    /// <summary>With 1.5 a line of 3 becomes 4 long: by the factor given, or by the 4/3 that this means.</summary>
    [Fact]
    public void A_factor_is_taken_as_given_unless_recomputed()
    {
        var line = tensor(new[] { 0f, 3, 6 }).view(1, 1, 3);
        Compare.Near([0, 1.5, 3.5, 5.5], functional.interpolate(line, scale_factor: [1.5], mode: InterpolationMode.Linear));
        Compare.Near(
            functional.interpolate(line, [4], mode: InterpolationMode.Linear),
            functional.interpolate(line, scale_factor: [1.5], mode: InterpolationMode.Linear, recompute_scale_factor: true));
    }

    [Fact]
    public void Resizing_says_what_does_not_go_together()
    {
        var x = zeros(1, 1, 2, 2);
        Assert.Throws<ArgumentException>(() => functional.interpolate(x));
        Assert.Throws<ArgumentException>(() => functional.interpolate(x, [2, 2], [2, 2]));
        Assert.Throws<ArgumentException>(() => functional.interpolate(x, [2, 2, 2]));
        Assert.Throws<ArgumentException>(() => functional.interpolate(x, [2, 2], mode: InterpolationMode.Trilinear));
        Assert.Throws<ArgumentException>(() => functional.interpolate(x, [2, 2], align_corners: true));
        Assert.Throws<ArgumentException>(() => functional.interpolate(x, [2, 2], antialias: true));
        Assert.Throws<ArgumentException>(() => functional.interpolate(zeros(2, 2), [2]));
    }

    [Fact]
    public void Attention_is_a_weighted_mean_of_the_values()
    {
        var (q, k, v) = (randn(2, 3, 4, ScalarType.Float64), randn(2, 5, 4, ScalarType.Float64), randn(2, 5, 6, ScalarType.Float64));
        Compare.Near(q.matmul(k.transpose(-2, -1)).div(2).softmax(-1).matmul(v), functional.scaled_dot_product_attention(q, k, v), 1e-9);
        var mask = zeros(3, 5, ScalarType.Bool);
        mask[.., 1] = tensor(true);
        Compare.Near(v[.., 1..2, ..].expand(2, 3, 6), functional.scaled_dot_product_attention(q, k, v, mask), 1e-9);
        Assert.Throws<ArgumentException>(() => functional.scaled_dot_product_attention(q, k, v, mask, is_casual: true));
    }

    [Fact]
    public void Attention_drops_weights_not_values()
    {
        manual_seed(0);
        var x = zeros(1, 64, 1);
        var weights = functional.scaled_dot_product_attention(x, x, eye(64).unsqueeze(0), p: 0.5);
        Assert.Equal([0f, 2f / 64], weights.reshape(-1).data<float>().ToArray().Distinct().Order());
    }
}
