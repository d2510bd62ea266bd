using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

public sealed class AdamTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1)]
    [InlineData(1e6)]
    public void The_first_step_is_the_rate_whatever_the_size_of_the_gradient(double grad)
    {
        var p = Trained.Parameter(1.0);
        using var adam = optim.Adam([p], 0.01, eps: 0);
        Trained.Equal([0.99], adam.Path(p, grad));
    }

    [Fact]
    public void AdamW_does_not_decay_unless_asked_to()
    {
        var (p, q) = (Trained.Parameter(3.0), Trained.Parameter(3.0));
        using var adam = optim.Adam([p]);
        using var adamW = optim.AdamW([q]);
        Assert.Equal(adam.Path(p, 1, 2, 3), adamW.Path(q, 1, 2, 3));
    }

    [Fact]
    public void AdamW_shrinks_the_weight_where_Adam_bends_the_gradient()
    {
        var (p, q) = (Trained.Parameter(2.0), Trained.Parameter(2.0));
        using var adam = optim.Adam([p], 0.1, eps: 0, weight_decay: 0.5);
        using var adamW = optim.AdamW([q], 0.1, eps: 0, weight_decay: 0.5);
        Trained.Equal([2 - 0.1], adam.Path(p, 1));                       // the gradient's sign counts, not its size
        Trained.Equal([(2 * (1 - (0.1 * 0.5))) - 0.1], adamW.Path(q, 1));
    }

    public static TheoryData<bool, double, bool, bool> Options => new()
    {
        { false, 0, false, false },
        { false, 0.05, false, false },
        { false, 0.05, true, true },
        { true, 0.05, false, false },
        { true, 0.05, true, false },
        { true, 0.05, false, true },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Steps_follow_the_published_formulae(bool decoupled, double decay, bool amsgrad, bool maximize)
    {
        var p = Trained.Parameter(2.0);
        using optim.Optimizer optimizer = decoupled
            ? optim.AdamW([p], 0.1, 0.8, 0.95, 1e-6, decay, amsgrad, maximize)
            : optim.Adam([p], 0.1, 0.8, 0.95, 1e-6, decay, amsgrad, maximize);
        double[] grads = [1, 5, -2, 0, 0.1, 3];

        double theta = 2, m = 0, v = 0, largest = 0;
        var expected = grads.Select((given, k) =>
        {
            double g = maximize ? -given : given;
            if (decoupled) theta *= 1 - (0.1 * decay);
            else g += decay * theta;
            m = (0.8 * m) + (0.2 * g);
            v = (0.95 * v) + (0.05 * g * g);
            largest = amsgrad ? Math.Max(largest, v) : v;
            double mHat = m / (1 - Math.Pow(0.8, k + 1)), vHat = largest / (1 - Math.Pow(0.95, k + 1));
            return theta -= 0.1 * mHat / (Math.Sqrt(vHat) + 1e-6);
        }).ToArray();
        Trained.Equal(expected, optimizer.Path(p, grads), 1e-13);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_bit_is_that_of_PyTorchs_algorithm_on_single_tensors(bool decoupled, double decay, bool amsgrad, bool maximize)
    {
        manual_seed(2);
        Tensor[] start = [randn(5, 3), randn(7), randn(2, 2, 2)];
        var trained = Array.ConvertAll(start, Trained.Parameter);
        var expected = Array.ConvertAll(start, value => value.clone());
        var (average, square, maximum) = (Zeros(start), Zeros(start), Zeros(start));
        const double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
        using optim.Optimizer optimizer = decoupled
            ? optim.AdamW(trained, rate, weight_decay: decay, amsgrad: amsgrad, maximize: maximize)
            : optim.Adam(trained, rate, weight_decay: decay, amsgrad: amsgrad, maximize: maximize);
        for (int step = 1; step <= 5; step++)
        {
            double correction1 = 1 - Math.Pow(beta1, step), correction2 = 1 - Math.Pow(beta2, step);
            for (int k = 0; k < start.Length; k++)
            {
                var grad = randn_like(start[k]);
                trained[k].grad = grad.clone();
                if (maximize) grad = -grad;
                if (decoupled) expected[k].mul_((Scalar)(1 - (rate * decay)));
                else if (decay != 0) grad = grad.add(expected[k], alpha: decay);
                average[k].mul_((Scalar)beta1).add_(grad, alpha: 1 - beta1);
                square[k].mul_((Scalar)beta2).addcmul_(grad, grad, value: 1 - beta2);
                if (amsgrad) maximum[k] = maximum[k].maximum(square[k]);
                var denominator = ((amsgrad ? maximum[k] : square[k]).sqrt() / Math.Sqrt(correction2)).add_((Scalar)eps);
                expected[k].addcdiv_(average[k], denominator, value: -(rate / correction1));
            }
            optimizer.step();
            for (int k = 0; k < start.Length; k++) Assert.Equal(expected[k].Floats(), trained[k].Floats());
        }
    }

    [Fact]
    public void Each_parameter_counts_its_own_steps()
    {
        var (always, late) = (Trained.Parameter(1.0), Trained.Parameter(1.0));
        using var adam = optim.AdamW([always, late], 0.01, eps: 0);
        adam.Path(always, 1, 1, 1);
        Assert.Equal([1.0], late.Values());
        always.grad = ones_like(always);
        Trained.Equal([0.99], adam.Path(late, 5)); // its first step, corrected as a first step
        Trained.Equal([0.96], always.Values());
        Assert.Equal([4, 1], adam.state_dict().State.Cast<AdamW.State>().Select(state => state.step));
    }

    [Fact]
    public void Senseless_settings_are_refused()
    {
        var p = Trained.Parameter(1.0);
        Assert.Throws<ArgumentException>(() => optim.Adam([p], -1));
        Assert.Throws<ArgumentException>(() => optim.Adam([p], beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.AdamW([p], beta2: -0.1));
        Assert.Throws<ArgumentException>(() => optim.AdamW([p], eps: -1));
        Assert.Throws<ArgumentException>(() => optim.AdamW([p], weight_decay: -1));
    }

    private static Tensor[] Zeros(Tensor[] like) => Array.ConvertAll(like, value => value.zeros_like());
}
