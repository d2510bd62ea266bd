using TimeSformer.Checkpoints;

namespace TimeSformer.Tests.Models;

/// <summary>Our model against values and gradients that the official PyTorch code and Hugging Face's computed.</summary>
public sealed class ParityTests
{
    [SkippableTheory]
    [InlineData("official", "divided_space_time")]
    [InlineData("official", "divided_space_time_f64")]
    [InlineData("official", "divided_space_time_resized")]
    [InlineData("official", "joint_space_time")]
    [InlineData("official", "space_only")]
    [InlineData("more", "official_divided_interp_up")]
    [InlineData("more", "official_divided_interp_down")]
    [InlineData("more", "hf_timesformer_divided")]
    [InlineData("more", "hf_timesformer_joint")]
    public void Logits_blocks_loss_and_gradients_equal_the_references(string folder, string name)
    {
        var report = Parity.Run(Shared.Require("reference", folder, name + ".safetensors"));
        Assert.Contains(report.Differences, difference => difference.Name == "logits");
        Assert.Contains(report.Differences, difference => difference.Name == "loss");
        Assert.Equal(report.Config.Depth, report.Differences.Count(difference => difference.Name.StartsWith("block", StringComparison.Ordinal)));
        Assert.True(report.Differences.Count(difference => difference.Name.StartsWith("gradient", StringComparison.Ordinal)) > 10 * report.Config.Depth);
        Assert.All(report.Differences, difference => Assert.InRange(difference.RelativeError, 0, report.Tolerance));
    }
}
