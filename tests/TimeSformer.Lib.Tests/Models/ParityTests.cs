using TimeSformer.Checkpoints;

namespace TimeSformer.Tests.Models;

/// <summary>Our model against values and gradients that the official PyTorch code computed.</summary>
public sealed class ParityTests
{
    [SkippableTheory]
    [InlineData("divided_space_time")]
    [InlineData("divided_space_time_f64")]
    [InlineData("divided_space_time_resized")]
    [InlineData("joint_space_time")]
    [InlineData("space_only")]
    public void Logits_blocks_loss_and_gradients_equal_the_official_codes(string name)
    {
        var report = Parity.Run(Shared.Require("reference", "official", name + ".safetensors"));
        Assert.Contains(report.Differences, difference => difference.Name == "logits");
        Assert.Contains(report.Differences, difference => difference.Name == "loss");
        Assert.Equal(report.Config.Depth, report.Differences.Count(difference => difference.Name.StartsWith("block", StringComparison.Ordinal)));
        Assert.True(report.Differences.Count(difference => difference.Name.StartsWith("gradient", StringComparison.Ordinal)) > 10 * report.Config.Depth);
        Assert.All(report.Differences, difference => Assert.InRange(difference.RelativeError, 0, report.Tolerance));
    }
}
