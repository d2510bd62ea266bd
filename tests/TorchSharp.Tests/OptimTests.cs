using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests;

public sealed class OptimTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    // Minimises x² / 2 from x = 1, so that the gradient is x itself.
    private static double[] Run(Func<Parameter, OptimizerHelper> create, int steps)
    {
        using var x = Parameter(tensor(1d));
        using var optimizer = create(x);
        var values = new List<double>();
        for (int k = 0; k < steps; k++)
        {
            using var step = NewDisposeScope();
            optimizer.zero_grad();
            (x * x / 2).backward();
            optimizer.step();
            values.Add(x.item<double>());
        }
        return [.. values];
    }

    [Fact]
    public void Plain_sgd_subtracts_the_scaled_gradient() =>
        Assert.Equal([0.9, 0.81, 0.729], Run(x => optim.SGD([x], 0.1), 3), (a, b) => Math.Abs(a - b) < 1e-12);

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(0.5, false)]
    public void Momentum_follows_pytorchs_recurrence(double dampening, bool nesterov)
    {
        const double rate = 0.1, momentum = 0.9, decay = 0.01;
        var (x, buffer, expected) = (1.0, 0.0, new List<double>());
        for (int k = 0; k < 4; k++)
        {
            double gradient = x + (decay * x);
            buffer = k == 0 ? gradient : (momentum * buffer) + ((1 - dampening) * gradient);
            x -= rate * (nesterov ? gradient + (momentum * buffer) : buffer);
            expected.Add(x);
        }
        Assert.Equal(expected, Run(p => optim.SGD([p], rate, momentum, dampening, decay, nesterov), 4), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Adam_follows_its_equations(bool decoupled)
    {
        const double rate = 0.1, b1 = 0.9, b2 = 0.999, eps = 1e-8, decay = 0.1;
        var (x, m, v, expected) = (1.0, 0.0, 0.0, new List<double>());
        for (int k = 1; k <= 4; k++)
        {
            double g = x + (decoupled ? 0 : decay * x);
            if (decoupled) x *= 1 - (rate * decay);
            m = (b1 * m) + ((1 - b1) * g);
            v = (b2 * v) + ((1 - b2) * g * g);
            x -= rate / (1 - Math.Pow(b1, k)) * m / (Math.Sqrt(v / (1 - Math.Pow(b2, k))) + eps);
            expected.Add(x);
        }
        var actual = Run(p => decoupled ? optim.AdamW([p], rate, weight_decay: decay) : optim.Adam([p], rate, weight_decay: decay), 4);
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Groups_have_rates_of_their_own()
    {
        using var a = Parameter(ones(1));
        using var b = Parameter(ones(1));
        using var optimizer = optim.SGD([new SGD.ParamGroup([a], lr: 0.1), new SGD.ParamGroup([b], lr: 0.5)], 1);
        (a + b).sum().backward();
        optimizer.step();
        Assert.Equal((0.9f, 0.5f), (a.item<float>(), b.item<float>()));
        Assert.Throws<ArgumentException>(() => optimizer.add_param_group(new SGD.ParamGroup([a], lr: 1)));
    }

    [Fact]
    public void A_thousand_steps_hold_the_number_of_live_tensors()
    {
        using var model = Linear(4, 4);
        using var optimizer = optim.AdamW(model.parameters());
        using var x = ones(2, 4);
        long before = 0;
        for (int k = 0; k < 1000; k++)
        {
            using var step = NewDisposeScope();
            optimizer.zero_grad();
            model.call(x).sum().backward();
            optimizer.step();
            if (k == 10) before = LiveTensors.Settled() - step.DisposablesCount;
            if (k == 999) Assert.Equal(before, Tensor.TotalCount - step.DisposablesCount);
        }
    }

    [Fact]
    public void Schedulers_follow_their_formulae()
    {
        double[] Rates(Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> create)
        {
            using var x = Parameter(ones(1));
            using var optimizer = optim.SGD([x], 1);
            var scheduler = create(optimizer);
            return [.. Enumerable.Range(0, 5).Select(_ =>
            {
                double rate = scheduler.get_last_lr().Single();
                scheduler.step();
                return rate;
            })];
        }
        static bool Close(double a, double b) => Math.Abs(a - b) < 1e-12;
        Assert.Equal([1, 1, 0.1, 0.1, 0.01], Rates(o => optim.lr_scheduler.StepLR(o, 2)), Close);
        Assert.Equal([1, 0.5, 0.5, 0.25, 0.25], Rates(o => optim.lr_scheduler.MultiStepLR(o, [1, 3], 0.5)), Close);
        Assert.Equal([1, 0.5, 0.25, 0.125, 0.0625], Rates(o => optim.lr_scheduler.ExponentialLR(o, 0.5)), Close);
        Assert.Equal([0.5, 0.75, 1, 1, 1], Rates(o => optim.lr_scheduler.LinearLR(o, 0.5, 1, 2)), Close);
        Assert.Equal([1, (1 + Math.Sqrt(0.5)) / 2, 0.5, (1 - Math.Sqrt(0.5)) / 2, 0], Rates(o => optim.lr_scheduler.CosineAnnealingLR(o, 4)), Close);
    }
}
