using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

public sealed class ParamGroupTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Each_group_has_its_own_rate_and_the_optimizers_where_it_names_none()
    {
        var (body, head) = (Trained.Parameter(1.0), Trained.Parameter(1.0));
        using var sgd = optim.SGD([new SGD.ParamGroup([body], lr: 0.01), new SGD.ParamGroup { Parameters = [head] }], 0.1);
        (body.grad, head.grad) = (ones_like(body), ones_like(head));
        sgd.step();
        Trained.Equal([0.99, 0.9], [body.Values()[0], head.Values()[0]]);
        Assert.Equal([0.01, 0.1], sgd.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal([0.01, 0.1], sgd.ParamGroups.Select(group => group.InitialLearningRate));
    }

    [Fact]
    public void Options_that_a_group_leaves_open_are_the_optimizers()
    {
        var p = Trained.Parameter(1.0);
        using var adam = optim.AdamW([new AdamW.ParamGroup([p], new AdamW.Options { beta1 = 0.5 })], 0.3, beta2: 0.9, weight_decay: 0.2);
        var options = Assert.IsType<AdamW.Options>(adam.state_dict().Options.Single());
        Assert.Equal((0.3, 0.5, 0.9, 0.2, false), (options.LearningRate, options.beta1, options.beta2, options.weight_decay, options.amsgrad));
    }

    [Fact]
    public void A_new_rate_holds_from_the_next_step()
    {
        var p = Trained.Parameter(1.0);
        using var sgd = optim.SGD([p], 0.1);
        sgd.Path(p, 1);
        foreach (var group in sgd.ParamGroups) group.LearningRate = 0.5;
        Trained.Equal([0.4], sgd.Path(p, 1));
        Assert.Equal(0.1, sgd.ParamGroups.Single().InitialLearningRate);
    }

    [Fact]
    public void A_group_may_join_later()
    {
        var (body, head) = (Trained.Parameter(1.0), Trained.Parameter(1.0));
        using var sgd = optim.SGD([head], 0.1, momentum: 0.9);
        sgd.add_param_group(new SGD.ParamGroup([body], lr: 0.01));
        Assert.Collection(sgd.parameters(), first => Assert.Same(head, first), second => Assert.Same(body, second));
        (body.grad, head.grad) = (ones_like(body), ones_like(head));
        sgd.step();
        Trained.Equal([0.9, 0.99], [head.Values()[0], body.Values()[0]]);
    }

    [Fact]
    public void Named_parameters_serve_as_well()
    {
        var p = Trained.Parameter(1.0);
        using var sgd = optim.SGD([("weight", p)], 0.1);
        using var adam = optim.Adam([("weight", p)]);
        using var adamW = optim.AdamW([("weight", p)]);
        Assert.All(new optim.Optimizer[] { sgd, adam, adamW }, optimizer => Assert.Same(p, optimizer.parameters().Single()));
    }

    [Fact]
    public void Momentum_and_betas_are_reached_through_the_group()
    {
        var p = Trained.Parameter(0.0);
        using var sgd = optim.SGD([p], 1);
        ((optim.IMomentum)sgd.ParamGroups.Single()).Momentum = 0.5;
        Trained.Equal([-4, -14], sgd.Path(p, 4, 8));
        using var adam = optim.Adam([Trained.Parameter(1.0)]);
        var betas = (optim.IBetas)adam.ParamGroups.Single();
        betas.Betas = (0.5, 0.6);
        Assert.Equal((0.5, 0.6), betas.Betas);
        Assert.Equal((0.9, 0.999), adam.Betas);
    }

    [Fact]
    public void Parameters_of_equal_values_are_different_parameters()
    {
        var (p, q) = (Trained.Parameter(1.0), Trained.Parameter(1.0));
        using var sgd = optim.SGD([p, q], 0.1, momentum: 0.9);
        (p.grad, q.grad) = (ones_like(p), zeros_like(q));
        sgd.step();
        Trained.Equal([0.9, 1.0], [p.Values()[0], q.Values()[0]]);
    }

    [Fact]
    public void A_parameter_may_be_in_one_group_only()
    {
        var p = Trained.Parameter(1.0);
        Assert.Throws<ArgumentException>(() => optim.SGD([p, p], 0.1));
        using var sgd = optim.SGD([p], 0.1);
        Assert.Throws<ArgumentException>(() => sgd.add_param_group(new SGD.ParamGroup([p])));
    }

    [Fact]
    public void Groups_may_mix_element_types()
    {
        Parameter[] mixed = [Trained.Parameter(ones(2)), Trained.Parameter(1.0), Trained.Parameter(ones(3)), Trained.Parameter(2.0)];
        using var sgd = optim.SGD(mixed, 0.5, momentum: 0.9);
        foreach (var p in mixed) p.grad = ones_like(p);
        sgd.step();
        Assert.Equal([0.5, 0.5, 0.5, 1.5], mixed.Select(p => p.Values()[0]));
    }
}
