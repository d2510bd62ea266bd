using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Tests.Optim;

public sealed class LRSchedulerTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private static SGD Sgd(double rate = 0.8) => optim.SGD([Trained.Parameter(1.0)], rate, momentum: 0.9);

    /// <summary>The rates of epochs 0, 1, 2, ...</summary>
    private static double[] Rates(optim.Optimizer optimizer, LRScheduler scheduler, int epochs)
    {
        var rates = new double[epochs];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            rates[epoch] = optimizer.ParamGroups.First().LearningRate;
            Assert.Equal(rates[epoch], scheduler.get_last_lr().First());
            scheduler.step();
        }
        return rates;
    }

    public static TheoryData<string, Func<optim.Optimizer, LRScheduler>, Func<int, double>> Formulae => new()
    {
        { "StepLR", o => StepLR(o, 3, 0.5), epoch => 0.8 * Math.Pow(0.5, epoch / 3) },
        { "MultiStepLR", o => MultiStepLR(o, [2, 7, 7, 11], 0.1), epoch => 0.8 * (epoch < 2 ? 1 : epoch < 7 ? 0.1 : epoch < 11 ? 0.01 : 0.001) },
        { "ExponentialLR", o => ExponentialLR(o, 0.7), epoch => 0.8 * Math.Pow(0.7, epoch) },
        { "LambdaLR", o => LambdaLR(o, epoch => 1.0 / (1 + epoch)), epoch => 0.8 / (1 + epoch) },
        { "MultiplicativeLR", o => MultiplicativeLR(o, _ => 0.7), epoch => 0.8 * Math.Pow(0.7, epoch) },
        { "ConstantLR", o => ConstantLR(o, 0.25, 4), epoch => epoch < 4 ? 0.2 : 0.8 },
        { "LinearLR", o => LinearLR(o, 0.25, 0.75, 6), epoch => 0.8 * (0.25 + (0.5 * Math.Min(epoch, 6) / 6)) },
        { "PolynomialLR", o => PolynomialLR(o, 8, 2), epoch => 0.8 * Math.Pow(1 - (Math.Min(epoch, 8) / 8.0), 2) },
        { "CosineAnnealingLR", o => CosineAnnealingLR(o, 5, 0.1), epoch => 0.1 + (0.7 * (1 + Math.Cos(Math.PI * epoch / 5)) / 2) },
        { "warm-up, then cosine", o => SequentialLR(o, [LinearLR(o, 0.1, 1, 4), CosineAnnealingLR(o, 16)], [4]), epoch => epoch < 4 ? 0.8 * (0.1 + (0.9 * epoch / 4)) : 0.4 * (1 + Math.Cos(Math.PI * (epoch - 4) / 16)) },
        { "three in sequence", o => SequentialLR(o, [ConstantLR(o, 0.5, 100), ExponentialLR(o, 0.9), StepLR(o, 2, 0.1)], [3, 6]), epoch => epoch < 3 ? 0.4 : epoch < 6 ? 0.8 * Math.Pow(0.9, epoch - 3) : 0.8 * Math.Pow(0.1, (epoch - 6) / 2) },
        { "ChainedLR", o => ChainedLR([ConstantLR(o, 0.5, 4), ExponentialLR(o, 0.9)]), epoch => 0.8 * (epoch < 4 ? 0.5 : 1) * Math.Pow(0.9, epoch) },
    };

    [Theory]
    [MemberData(nameof(Formulae))]
    public void The_rate_follows_its_formula(string name, Func<optim.Optimizer, LRScheduler> make, Func<int, double> formula)
    {
        using var sgd = Sgd();
        double[] rates = Rates(sgd, make(sgd), 20);
        Assert.True(name.Length > 0);
        Trained.Equal([.. Enumerable.Range(0, 20).Select(formula)], rates, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Formulae))]
    public void A_step_to_a_given_epoch_goes_straight_there(string name, Func<optim.Optimizer, LRScheduler> make, Func<int, double> formula)
    {
        if (name is "MultiplicativeLR" or "ChainedLR" || name.Contains(' ', StringComparison.Ordinal)) return; // these know the way only
        using var sgd = Sgd();
        var scheduler = make(sgd);
        foreach (int epoch in new[] { 9, 2, 17, 0 })
        {
            scheduler.step((int?)epoch);
            Assert.Equal(formula(epoch), sgd.ParamGroups.Single().LearningRate, 1e-14);
        }
    }

    [Fact]
    public void Each_group_starts_from_its_own_rate()
    {
        using var sgd = optim.SGD([new SGD.ParamGroup([Trained.Parameter(1.0)], lr: 1), new SGD.ParamGroup([Trained.Parameter(1.0)], lr: 0.1)], 1);
        var scheduler = ExponentialLR(sgd, 0.5);
        scheduler.step();
        scheduler.step();
        Trained.Equal([0.25, 0.025], [.. scheduler.get_last_lr()]);
    }

    [Fact]
    public void A_rate_set_by_hand_is_carried_on()
    {
        using var sgd = Sgd();
        var scheduler = ExponentialLR(sgd, 0.5);
        sgd.ParamGroups.Single().LearningRate = 0.1;
        scheduler.step();
        Assert.Equal(0.05, sgd.ParamGroups.Single().LearningRate, 1e-15);
    }

    [Fact]
    public void Sequences_are_checked()
    {
        using var sgd = Sgd();
        using var other = Sgd();
        Assert.Throws<ArgumentException>(() => SequentialLR(sgd, [StepLR(sgd, 1), StepLR(sgd, 1)], []));
        Assert.Throws<ArgumentException>(() => SequentialLR(sgd, [StepLR(sgd, 1), StepLR(other, 1)], [1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OneCycle_goes_up_and_far_down_while_the_momentum_goes_the_other_way(bool threePhases)
    {
        using var sgd = Sgd();
        var scheduler = OneCycleLR(sgd, 1.0, total_steps: 101, pct_start: 31.0 / 101, div_factor: 10, final_div_factor: 100, three_phase: threePhases);
        var group = sgd.ParamGroups.Single();
        var (rates, momenta) = (new List<double>(), new List<double>());
        for (int step = 0; step <= 100; step++)
        {
            rates.Add(group.LearningRate);
            momenta.Add(((optim.IMomentum)group).Momentum);
            if (step < 100) scheduler.step();
        }
        Assert.Equal(0.1, rates[0], 1e-12);
        Assert.Equal(1, rates[30], 1e-12);
        Assert.Equal((0.1 + 1) / 2, rates[15], 1e-12);
        Assert.Equal(threePhases ? 0.1 : 0.001 + (0.999 / 2 * (1 + Math.Cos(Math.PI * 30 / 70))), rates[60], 1e-12);
        Assert.Equal(0.001, rates[100], 1e-12);
        Assert.Equal((0.95, 0.85, 0.95), (momenta[0], Math.Round(momenta[30], 12), Math.Round(momenta[100], 12)));
    }

    [Fact]
    public void OneCycle_moves_Adams_first_beta_and_may_be_linear()
    {
        using var adam = optim.Adam([Trained.Parameter(1.0)]);
        var scheduler = OneCycleLR(adam, 1.0, epochs: 2, steps_per_epoch: 10, pct_start: 0.55, anneal_strategy: impl.OneCycleLR.AnnealStrategy.Linear, div_factor: 5);
        for (int step = 0; step < 5; step++) scheduler.step();
        Assert.Equal(0.6, adam.ParamGroups.Single().LearningRate, 1e-12);
        var (beta1, beta2) = ((optim.IBetas)adam.ParamGroups.Single()).Betas;
        Assert.Equal((0.9, 0.999), (Math.Round(beta1, 12), beta2));
        for (int step = 5; step < 20; step++) scheduler.step();
        Assert.Throws<InvalidOperationException>(scheduler.step);
    }

    [Fact]
    public void OneCycle_treats_every_group_alike()
    {
        using var sgd = optim.SGD([.. Enumerable.Range(0, 3).Select(_ => new SGD.ParamGroup([Trained.Parameter(1.0)]))], 1);
        var scheduler = OneCycleLR(sgd, [1.0, 2.0, 4.0], total_steps: 10);
        for (int step = 0; step < 7; step++) scheduler.step();
        double[] rates = [.. scheduler.get_last_lr()];
        Trained.Equal([rates[0], 2 * rates[0], 4 * rates[0]], rates);
        Assert.Throws<ArgumentException>(() => OneCycleLR(sgd, [1.0, 2.0], total_steps: 10));
        Assert.Throws<ArgumentException>(() => OneCycleLR(sgd, 1.0));
        Assert.Throws<ArgumentException>(() => OneCycleLR(sgd, 1.0, total_steps: 10, pct_start: 2));
    }

    [Theory]
    [InlineData("min", new[] { 5.0, 4, 4, 4, 4, 4, 4, 4 }, new[] { 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25 })]
    [InlineData("max", new[] { 5.0, 6, 6, 7, 7, 7, 7, 9 }, new[] { 1, 1, 1, 1, 1, 1, 0.5, 0.5 })]
    [InlineData("min", new[] { double.NaN, double.NaN, double.NaN, 1, 1, 1, 1, 1 }, new[] { 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25 })]
    public void A_plateau_of_more_than_patience_epochs_lowers_the_rate(string mode, double[] metric, double[] expected)
    {
        using var sgd = Sgd(1);
        var scheduler = ReduceLROnPlateau(sgd, mode, 0.5, patience: 2);
        Assert.Equal(expected, metric.Select(value =>
        {
            scheduler.step(value);
            return sgd.ParamGroups.Single().LearningRate;
        }));
    }

    [Fact]
    public void A_plateau_respects_cooldown_threshold_and_floor()
    {
        using var sgd = Sgd(1);
        var scheduler = ReduceLROnPlateau(sgd, "min", 0.1, patience: 0, threshold: 0.5, threshold_mode: "abs", cooldown: 2, min_lr: [0.05]);
        double[] rates = Array.ConvertAll(new[] { 5.0, 4.8, 4.0, 4.0, 3.0, 3.0, 3.0 }, value =>
        {
            scheduler.step(value);
            return Math.Round(sgd.ParamGroups.Single().LearningRate, 12);
        });
        Assert.Equal([1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05], rates);
        Assert.Equal(0.05, scheduler.get_last_lr().Single());
        Assert.Throws<InvalidOperationException>(scheduler.step);
        Assert.Throws<ArgumentException>(() => ReduceLROnPlateau(sgd, "least"));
        Assert.Throws<ArgumentException>(() => ReduceLROnPlateau(sgd, factor: 1));
    }
}
