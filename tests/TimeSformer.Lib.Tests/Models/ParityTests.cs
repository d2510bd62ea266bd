using TimeSformer.Kernels;

namespace TimeSformer.Tests.Models;

/// <summary>The model against values and gradients computed by the official PyTorch code and by Hugging Face's.</summary>
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
    public void Logits_blocks_loss_and_gradients_match_the_references(string folder, string name) =>
        AssertParity(Shared.Require("reference", folder, name + ".safetensors"));

    [Theory]
    [InlineData("divided_one_frame")]
    [InlineData("divided_wide")]
    [InlineData("divided_deep")]
    [InlineData("joint_tall_no_bias")]
    [InlineData("space_only_large_patches")]
    [InlineData("divided_heads_of_16")] // a vector's width, as the kernels for attention want it
    [InlineData("joint_heads_of_16")]
    [InlineData("space_only_heads_of_16")]
    public void Other_sizes_match_the_official_code_too(string name) =>
        AssertParity(Path.Combine(AppContext.BaseDirectory, "Fixtures", "official", name + ".safetensors"));

    // With kernels, and with the composed operations.
    private static void AssertParity(string path)
    {
        AssertMatch(path);
        using var composed = CpuKernels.Off();
        AssertMatch(path);
    }

    private static void AssertMatch(string path)
    {
        var report = Parity.Run(path);
        Assert.Contains(report.Differences, difference => difference.Name == "logits");
        Assert.Contains(report.Differences, difference => difference.Name == "loss");
        int Count(string prefix) => report.Differences.Count(difference => difference.Name.StartsWith(prefix));
        Assert.Equal(report.Config.Depth, Count("block"));
        Assert.True(Count("gradient") > 10 * report.Config.Depth);
        Assert.All(report.Differences, difference => Assert.InRange(difference.RelativeError, 0, report.Tolerance));
    }
}
