using static TorchSharp.torch.nn;

namespace TimeSformer.Tests.Training;

/// <summary>Five optimizer steps against those of the official training code on the official model.</summary>
public sealed class OfficialStepsTests() : TensorTests(gradients: true)
{
    [SkippableFact]
    public void Five_steps_of_SGD_with_momentum_reach_the_official_weights() =>
        // The last digit of a weight near 1 is 1.2e-7. Each of five steps rounds it, and adds a gradient's rounding error times 0.05.
        AssertSameSteps("official_sgd_steps", 1e-6, model =>
            new SGD(model.parameters(), 0.05, momentum: 0.9, weightDecay: 1e-4, nesterov: true));

    [SkippableFact]
    public void Five_steps_of_AdamW_reach_the_official_weights() =>
        // A step moves a weight by up to 1e-3 whatever the size of its gradient; if that is almost zero, its rounding error counts in full.
        AssertSameSteps("official_adamw_steps", 3e-5, model => new AdamW(model.parameters(), 1e-3, weightDecay: 0.05));

    private static void AssertSameSteps(string name, double tolerance, Func<TimeSformerModel, Optimizer> optimizer)
    {
        using var file = SafeTensorsFile.Open(Shared.Require("reference", "more", name + ".safetensors"));
        var model = new TimeSformerModel(new()
        {
            NumClasses = 7, NumFrames = 4, ImageSize = 32, PatchSize = 8, EmbedDim = 48, Depth = 2, NumHeads = 4, DropPathRate = 0,
        });
        using (no_grad())
        {
            foreach (var (key, weight) in model.state_dict()) weight.copy_(file.Read($"init.{key}"));
        }
        model.train();
        using var steps = optimizer(model);
        var losses = file.Read("losses").data<double>().ToArray();
        for (int step = 0; step < losses.Length; step++)
        {
            var loss = functional.cross_entropy(model.call(file.Read($"step{step}.input")), file.Read($"step{step}.labels"));
            Assert.InRange(Math.Abs(loss.item<float>() - losses[step]), 0, 1e-5);
            steps.zero_grad();
            loss.backward();
            steps.step();
        }
        double worst = 0, moved = 0;
        foreach (var (key, weight) in model.state_dict())
        {
            worst = Math.Max(worst, (weight - file.Read($"final.{key}")).abs().max().item<float>());
            moved = Math.Max(moved, (weight - file.Read($"init.{key}")).abs().max().item<float>());
        }
        Assert.True(worst <= tolerance, $"{name}: the worst weight is {worst:e1} off the official one");
        Assert.True(moved > 100 * tolerance);
    }
}
