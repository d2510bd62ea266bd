using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

public sealed class OptimizerTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string> Kinds => ["SGD", "Adam", "AdamW"];

    private static OptimizerHelper Make(string kind, params Parameter[] parameters) => kind switch
    {
        "SGD" => optim.SGD(parameters, 0.1, momentum: 0.9, weight_decay: 1e-3, nesterov: true),
        "Adam" => optim.Adam(parameters, 0.1, weight_decay: 1e-3, amsgrad: true),
        _ => optim.AdamW(parameters, 0.1, weight_decay: 1e-3),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_quadratic_is_brought_to_its_minimum(string kind)
    {
        var p = Trained.Parameter(5.0, -3.0);
        using var optimizer = Make(kind, p);
        for (int step = 0; step < 500; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            (p - 1).square().sum().backward();
            optimizer.step();
        }
        Trained.Equal([1, 1], p.Values(), 1e-2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Zero_grad_lets_the_gradients_go(string kind)
    {
        var p = Trained.Parameter(1.0);
        using var optimizer = Make(kind, p);
        (p * 2).sum().backward();
        Assert.NotNull(p.grad);
        optimizer.zero_grad();
        Assert.Null(p.grad);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_parameter_without_gradient_stays_where_it_is(string kind)
    {
        var (p, still) = (Trained.Parameter(1.0), Trained.Parameter(1.0));
        using var optimizer = Make(kind, p, still);
        optimizer.Path(p, 1, 1);
        Assert.Equal([1.0], still.Values());
        Assert.NotEqual([1.0], p.Values());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_step_is_not_recorded(string kind)
    {
        var p = Trained.Parameter(1.0);
        using var optimizer = Make(kind, p);
        optimizer.Path(p, 1);
        Assert.True(p.requires_grad && p.is_leaf && is_grad_enabled());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_closure_runs_with_gradients_and_its_loss_is_returned(string kind)
    {
        var p = Trained.Parameter(3.0);
        using var optimizer = Make(kind, p);
        Tensor loss;
        using (no_grad())
        {
            loss = optimizer.step(() =>
            {
                var square = p.square().sum();
                square.backward();
                return square;
            })!;
        }
        Assert.Equal(9, loss.item<double>());
        Assert.True(p.Values()[0] < 3);
        Assert.Null(optimizer.step());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_thousand_steps_leave_no_tensor_behind(string kind)
    {
        var p = Trained.Parameter(1.0, 2.0);
        using var optimizer = Make(kind, p);
        optimizer.Path(p, 1);
        optimizer.zero_grad();
        long before = 0;
        for (int step = 0; step < 1000; step++)
        {
            using (NewDisposeScope())
            {
                optimizer.zero_grad();
                p.square().sum().backward();
                optimizer.step();
            }
            if (step == 0) before = LiveTensors.Settled();
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_state_outlives_the_scope_of_the_step_and_goes_with_the_optimizer(string kind)
    {
        var p = Trained.Parameter(1.0);
        long before = LiveTensors.Settled();
        using (var optimizer = Make(kind, p))
        {
            double[] path;
            using (NewDisposeScope()) optimizer.Path(p, 1);
            using (NewDisposeScope()) path = optimizer.Path(p, 1);
            Assert.NotEqual(1, path[0]);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void An_optimizer_of_ones_own_steps_group_by_group()
    {
        var p = Trained.Parameter(1.0);
        using var sign = new SignDescent([p], 0.25);
        Trained.Equal([0.75, 1.0], sign.Path(p, 7, -2));
    }

    private sealed class SignDescent : OptimizerHelper
    {
        public SignDescent(IEnumerable<Parameter> parameters, double lr) =>
            add_param_group(new ParamGroup { Parameters = parameters, Options = new OptimizerOptions { LearningRate = lr } });

        public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(
            group =>
            {
                foreach (var p in group.Parameters) p.add_(p.grad!.sign(), alpha: -group.LearningRate);
            },
            closure)!;
    }
}
