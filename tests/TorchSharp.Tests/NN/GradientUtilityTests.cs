using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Utilities = TorchSharp.torch.nn.utils;

namespace TorchSharp.Tests.NN;

public sealed class GradientUtilityTests : Scoped
{
    private static Parameter WithGrad(params double[] grad)
    {
        var parameter = Parameter(zeros(grad.Length, ScalarType.Float64));
        parameter.grad = tensor(grad);
        return parameter;
    }

    [Fact]
    public void Gradients_are_scaled_together_to_the_largest_norm()
    {
        Parameter[] parameters = [WithGrad(3, 0), WithGrad(-4), Parameter(zeros(1))];
        Assert.Equal(5, Utilities.clip_grad_norm_(parameters, 1), 12);
        Compare.Near([0.6, 0], parameters[0].grad!);
        Compare.Near([-0.8], parameters[1].grad!);
        Assert.Null(parameters[2].grad);
    }

    [Fact]
    public void Small_gradients_stay_as_they_are()
    {
        var parameter = WithGrad(3, 4);
        Assert.Equal(5, Utilities.clip_grad_norm_([parameter], 5.1), 12);
        Compare.Near([3, 4], parameter.grad!, 0);
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(double.PositiveInfinity, 4)]
    public void The_norm_may_be_another(double norm, double expected) => Assert.Equal(expected, Utilities.clip_grad_norm_([WithGrad(3), WithGrad(-4)], 100, norm), 12);

    [Fact]
    public void Without_gradients_the_norm_is_zero() => Assert.Equal(0, Utilities.clip_grad_norm_([Parameter(zeros(1))], 1));

    [Fact]
    public void Types_may_be_mixed()
    {
        var single = Parameter(zeros(1));
        single.grad = full(1, 4f);
        Assert.Equal(5, Utilities.clip_grad_norm_([WithGrad(3), single], 1), 6);
        Compare.Near([0.8], single.grad!);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_reported_and_left()
    {
        var parameter = WithGrad(double.NaN, 1);
        Assert.True(double.IsNaN(Utilities.clip_grad_norm_([parameter], 1)));
        Assert.Equal(1, parameter.grad![1].item<double>());
    }

    [Fact]
    public void Values_are_clamped_each_by_itself()
    {
        var parameter = WithGrad(-3, 0.5, 2);
        Utilities.clip_grad_value_([parameter], 1);
        Compare.Near([-1, 0.5, 1], parameter.grad!);
    }

    [Fact]
    public void Parameters_become_one_vector_and_back()
    {
        using var linear = Linear(2, 2);
        var vector = Utilities.parameters_to_vector(linear.parameters());
        Compare.Near(cat([linear.weight.view(-1), linear.bias!]), vector);
        Utilities.vector_to_parameters(arange(6, dtype: ScalarType.Float32), linear.parameters());
        Compare.Near([0, 1, 2, 3], linear.weight);
        Compare.Near([4, 5], linear.bias!);
        Assert.True(linear.weight is { is_leaf: true, requires_grad: true });
        Assert.Throws<ArgumentException>(() => Utilities.vector_to_parameters(zeros(5), linear.parameters()));
    }
}
