using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class ConversionTests : Scoped
{
    [Fact]
    public void Floating_point_parameters_and_buffers_are_converted_and_integers_are_not()
    {
        using var norm = BatchNorm2d(2).to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, norm.weight.dtype);
        Assert.Equal(ScalarType.Float64, norm.running_mean!.dtype);
        Assert.Equal(ScalarType.Int64, norm.num_batches_tracked!.dtype);
        Assert.Equal(ScalarType.Float64, norm.call(randn(new long[] { 2, 2, 3, 3 }, ScalarType.Float64)).dtype);
    }

    [Fact]
    public void A_conversion_returns_the_module_under_its_own_type()
    {
        using var linear = Linear(1, 1);
        Linear same = linear.bfloat16().@float().cpu().to(zeros(1, dtype: ScalarType.Float64)).to("cpu");
        Assert.Same(linear, same);
        Assert.Equal(ScalarType.Float64, linear.weight.dtype);
    }

    [Fact]
    public void Parameters_stay_the_same_objects_learnable_leaves_with_their_gradients()
    {
        using var linear = Linear(2, 1);
        var weight = linear.weight;
        linear.call(ones(1, 2)).sum().backward();
        linear.@double();
        Assert.Same(weight, linear.weight);
        Assert.True(weight is { requires_grad: true, is_leaf: true });
        Assert.Equal(ScalarType.Float64, weight.grad!.dtype);
        Compare.Near([1, 1], weight.grad);
        linear.call(ones(1, 2, ScalarType.Float64)).sum().backward();
        Compare.Near([2, 2], weight.grad);
    }

    [Fact]
    public void A_frozen_parameter_stays_frozen()
    {
        using var linear = Linear(1, 1);
        linear.weight.requires_grad = false;
        linear.half();
        Assert.False(linear.weight.requires_grad);
        Assert.True(linear.bias!.requires_grad);
    }

    [Fact]
    public void An_optimizer_made_before_goes_on_after()
    {
        using var linear = Linear(1, 1, hasBias: false);
        using var optimizer = optim.SGD(linear.parameters(), 1);
        linear.@double();
        double before = linear.weight.item<double>();
        linear.call(ones(1, 1, ScalarType.Float64)).sum().backward();
        optimizer.step();
        Assert.Equal(before - 1, linear.weight.item<double>(), 12);
    }

    [Fact]
    public void Integers_are_no_type_for_a_module() => Assert.Throws<ArgumentException>(() => Linear(1, 1).to(ScalarType.Int64));

    [Fact]
    public void Lists_and_recurrent_networks_are_converted_too()
    {
        using var list = ParameterList(Parameter(zeros(1)));
        list.@double();
        Assert.Equal(ScalarType.Float64, list[0].dtype);
        using var gru = GRU(2, 3).to(ScalarType.Float64);
        var (output, last) = gru.call(randn(new long[] { 4, 1, 2 }, ScalarType.Float64));
        Assert.Equal(ScalarType.Float64, output.dtype);
    }

    [Fact]
    public void A_conversion_leaves_no_tensors_behind()
    {
        using var linear = Linear(2, 2);
        linear.call(ones(1, 2)).sum().backward();
        long before = LiveTensors.Settled();
        linear.@double();
        Assert.Equal(before, LiveTensors.Settled());
    }
}
