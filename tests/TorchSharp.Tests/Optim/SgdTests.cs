using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

public sealed class SgdTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Plain_steps_go_down_the_gradient()
    {
        var p = Trained.Parameter(1.0);
        using var sgd = optim.SGD([p], 0.1);
        Trained.Equal([0.8, 0.5], sgd.Path(p, 2, 3));
    }

    [Fact]
    public void Maximize_goes_up()
    {
        var p = Trained.Parameter(1.0);
        using var sgd = optim.SGD([p], 0.1, maximize: true);
        Trained.Equal([1.2], sgd.Path(p, 2));
    }

    [Fact]
    public void Weight_decay_adds_the_parameter_to_the_gradient()
    {
        var p = Trained.Parameter(1.0);
        using var sgd = optim.SGD([p], 0.1, weight_decay: 0.5);
        Trained.Equal([1 - (0.1 * (2 + 0.5))], sgd.Path(p, 2));
    }

    [Fact]
    public void With_maximize_the_weight_still_decays()
    {
        var p = Trained.Parameter(1.0);
        using var sgd = optim.SGD([p], 0.1, weight_decay: 0.5, maximize: true);
        Trained.Equal([1 - (0.1 * (-2 + 0.5))], sgd.Path(p, 2));
    }

    [Fact]
    public void Momentum_under_a_constant_gradient_is_a_geometric_series()
    {
        var p = Trained.Parameter(0.0);
        using var sgd = optim.SGD([p], 1, momentum: 0.9);
        double[] path = sgd.Path(p, [.. Enumerable.Repeat(1.0, 50)]);
        // after n steps: the sum of (1 - 0.9^k) / (1 - 0.9) for k = 1..n
        double n = 50, expected = -(n - (0.9 * (1 - Math.Pow(0.9, n)) / 0.1)) / 0.1;
        Assert.Equal(expected, path[^1], 1e-10);
    }

    [Fact]
    public void Dampening_spares_the_first_gradient()
    {
        var p = Trained.Parameter(0.0);
        using var sgd = optim.SGD([p], 1, momentum: 0.5, dampening: 0.25);
        // buffers: 4, then 0.5 * 4 + 0.75 * 8 = 8
        Trained.Equal([-4, -12], sgd.Path(p, 4, 8));
    }

    [Fact]
    public void Nesterov_looks_ahead_along_the_buffer()
    {
        var p = Trained.Parameter(0.0);
        using var sgd = optim.SGD([p], 1, momentum: 0.5, nesterov: true);
        // buffers 4, 10; steps 4 + 2, 8 + 5
        Trained.Equal([-6, -19], sgd.Path(p, 4, 8));
    }

    [Fact]
    public void The_first_buffer_is_a_copy_of_the_gradient()
    {
        var p = Trained.Parameter(1.0);
        using var sgd = optim.SGD([p], 0.1, momentum: 0.9);
        var grad = tensor(2.0).reshape(1);
        p.grad = grad;
        sgd.step();
        grad.zero_();
        Assert.Equal([2.0], ((SGD.State)sgd.state_dict().State[0]).momentum_buffer!.Values());
    }

    public static TheoryData<double, double, double, bool, bool> Options => new()
    {
        { 0, 0, 0, false, false },
        { 0, 0, 1e-2, false, true },
        { 0.9, 0, 0, false, false },
        { 0.9, 0, 1e-4, false, false },
        { 0.9, 0.1, 1e-4, false, true },
        { 0.9, 0, 0, true, false },
        { 0.9, 0, 1e-4, true, false },
        { 0.9, 0, 1e-4, true, true },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_bit_is_that_of_PyTorchs_algorithm_on_single_tensors(double momentum, double dampening, double decay, bool nesterov, bool maximize)
    {
        manual_seed(1);
        Tensor[] start = [randn(5, 3), randn(7), randn(2, 2, 2)];
        var trained = Array.ConvertAll(start, Trained.Parameter);
        var expected = Array.ConvertAll(start, value => value.clone());
        var buffers = new Tensor?[start.Length];
        using var sgd = optim.SGD(trained, 0.05, momentum, dampening, decay, nesterov, maximize);
        for (int step = 0; step < 5; step++)
        {
            for (int k = 0; k < start.Length; k++)
            {
                var grad = randn_like(start[k]);
                trained[k].grad = grad.clone();
                if (maximize) grad = -grad;
                if (decay != 0) grad = grad.add(expected[k], alpha: decay);
                if (momentum != 0)
                {
                    buffers[k] = buffers[k] is { } buffer ? buffer.mul_((Scalar)momentum).add_(grad, alpha: 1 - dampening) : grad.clone();
                    grad = nesterov ? grad.add(buffers[k]!, alpha: momentum) : buffers[k]!;
                }
                expected[k].add_(grad, alpha: -0.05);
            }
            sgd.step();
            for (int k = 0; k < start.Length; k++) Assert.Equal(expected[k].Floats(), trained[k].Floats());
        }
    }

    [Fact]
    public void Gradients_are_left_as_they_are()
    {
        var p = Trained.Parameter(1.0);
        using var sgd = optim.SGD([p], 0.1, momentum: 0.9, weight_decay: 0.1, nesterov: true, maximize: true);
        sgd.Path(p, 2, 3);
        Assert.Equal([3.0], p.grad!.Values());
    }

    [Fact]
    public void Senseless_settings_are_refused()
    {
        var p = Trained.Parameter(1.0);
        Assert.Throws<ArgumentException>(() => optim.SGD([p], -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([p], 1, momentum: -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([p], 1, weight_decay: -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([p], 1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.SGD([p], 1, momentum: 0.9, dampening: 0.1, nesterov: true));
    }
}
