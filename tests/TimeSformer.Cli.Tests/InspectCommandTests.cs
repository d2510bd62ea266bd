using TimeSformer.Models;

namespace TimeSformer.Tests;

/// <summary><c>./timesformer inspect</c>: sizes and costs of presets and checkpoints.</summary>
public sealed class InspectCommandTests : FolderTests
{
    [Theory]
    [InlineData("--attention", "axial", 156.8)]
    [InlineData("--attention", "sparse_local_global", 121.4)]
    [InlineData("--attention", "space", 85.9)]
    public void Inspection_as_json_has_the_papers_parameters(string option, string scheme, double millions)
    {
        var cost = JsonNode.Parse(CommandLine.Succeeds("inspect", "base", option, scheme, "--classes", "174", "--json"))!;
        Assert.Equal(millions, (long)cost["parameters"]! / 1e6, tolerance: 0.06);
        Assert.True((long)cost["multiply_adds"]! > 100_000_000_000);
        long Memory(string key) => (long)cost[key]!;
        Assert.True(Memory("training_memory_bytes") < Memory("fused_attention_training_memory_bytes"));
        Assert.True(Memory("fused_attention_training_memory_bytes") < Memory("composed_training_memory_bytes"));
        Assert.Equal((long)cost["parameters"]!, cost["layers"]!.AsArray().Sum(layer => (long)layer!["parameters"]!));
    }

    [Theory]
    [InlineData("no-such-model", "neither a checkpoint nor a preset")]
    [InlineData("base", "unknown attention scheme 'sideways'", "--attention", "sideways")]
    [InlineData("base", "not a multiple of PatchSize", "--size", "100")]
    [InlineData("i3d-r50", "i3d-r50 has no --heads; transformers have", "--heads", "4")]
    [InlineData("i3d-r50", "--batch-size: it is for training memory", "--batch-size", "4")]
    [InlineData("base", "--sampling-rate: clips and classes are a checkpoint's, and base is a preset", "--sampling-rate", "8")]
    [InlineData("i3d-r50", "--model, --mean, --std: clips", "--std", "0.2", "--mean", "0.4", "--model", "vivit")]
    public void What_makes_no_model_or_has_no_effect_is_refused(string model, string said, params string[] options)
    {
        var (status, _, error) = CommandLine.Run(["inspect", model, .. options]);
        Assert.Equal(2, status);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rivals_checkpoint_says_how_its_clips_are_made()
    {
        var model = TinyModels.Write(folder.File("i3d"), I3DConfig.Small with { NumClasses = 8, ImageSize = 32 });
        const string clips = "frames at sampling rate 2, mean 0.45, std 0.225";
        Assert.Contains(clips, CommandLine.Succeeds("inspect", model), StringComparison.Ordinal);
        var shown = JsonNode.Parse(CommandLine.Succeeds("inspect", model, "--json"))!;
        Assert.Equal((2, 0.45, 0.225), ((int)shown["sampling_rate"]!, (double)shown["mean"]![0]!, (double)shown["std"]![0]!));
    }
}
