namespace TimeSformer.Tests.Training;

public sealed class LearningRateRangeTestTests() : TrainingTests(videosPerClass: 1)
{
    private Recipe Tested => Recipe(new() { BatchSize = 4, Optimizer = OptimizerKind.AdamW });

    [Fact]
    public void Rates_grow_by_the_same_factor_from_step_to_step()
    {
        var seen = new List<int>();
        var steps = LearningRateRangeTest.Run(Tested, steps: 5, progress: new SynchronousProgress(seen.Add));
        Assert.Equal([1, 2, 3, 4, 5], seen);
        Assert.Equal(1e-5, steps[0].LearningRate, 1e-9);
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.Equal(10, pair.Second.LearningRate / pair.First.LearningRate, 1e-6));
        Assert.All(steps, step => Assert.InRange(step.Loss, 0.1, 10));
        Assert.Equal(steps, LearningRateRangeTest.Run(Tested, steps: 5));
    }

    [Fact]
    public void A_loss_that_explodes_ends_the_test()
    {
        var wild = Tested with { Training = Tested.Training with { Optimizer = OptimizerKind.Sgd, Momentum = 0.99 } };
        var steps = LearningRateRangeTest.Run(wild, steps: 40);
        Assert.All(steps, step => Assert.True(double.IsFinite(step.Loss)));
        Assert.All(steps.Select((step, k) => (step, steps.Take(k + 1).Min(one => one.Loss))), pair => Assert.True(pair.step.Loss <= 2 * pair.Item2));
    }

    [Fact]
    public void The_choice_stays_near_what_is_usual_whatever_the_losses()
    {
        var step = Gen.Choose(0, 400).Zip(Gen.Choose(0, 1000)).Select(drawn => new RangeStep(Math.Pow(10, -5 + (drawn.Item1 / 100.0)), drawn.Item2));
        Prop.ForAll(step.ListOf().ToArbitrary(), steps =>
        {
            double chosen = LearningRateRangeTest.Choose([.. steps], usual: 1e-3);
            Assert.InRange(chosen, 1e-3 / 3.01, 3.01e-3);
        }).Check(Config.QuickThrowOnFailure);
        Assert.Equal(1e-3, LearningRateRangeTest.Choose([], usual: 1e-3));
    }

    [Fact]
    public void The_test_leaves_no_files_and_no_tensors_but_what_a_model_itself_leaves()
    {
        LearningRateRangeTest.Run(Tested, steps: 3);
        long before = LiveTensors.Settled();
        Tested.ModelConfig(8).Create().Dispose();
        long model = LiveTensors.Settled() - before;
        LearningRateRangeTest.Run(Tested, steps: 3);
        Assert.Equal(model, LiveTensors.Settled() - before - model);
        Assert.Equal(["data"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }
}
