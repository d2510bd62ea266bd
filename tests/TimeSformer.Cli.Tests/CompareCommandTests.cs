namespace TimeSformer.Tests;

/// <summary><c>compare</c>: one clip, several models.</summary>
public sealed class CompareCommandTests(CommandTests.Trained trained) : IClassFixture<CommandTests.Trained>
{
    private string Run(string preset)
    {
        var recipe = trained.Write($"{preset}.yaml", File.ReadAllText(trained.Recipe).Replace("preset: tiny", $"preset: {preset}"));
        CommandLine.Succeeds("train", recipe, "--output", trained.FileIn(preset));
        return trained.FileIn(preset);
    }

    [Fact]
    public void Each_model_says_what_predict_prints_of_it()
    {
        string[] runs = [trained.Run, Run("vivit-tiny"), Run("videomae-tiny")];
        var models = JsonNode.Parse(CommandLine.Succeeds(["compare", trained.Video, "--json", "--top", "3", "--checkpoint", .. runs]))!
            ["models"]!.AsArray();
        Assert.Equal(["run", "vivit-tiny", "videomae-tiny"], models.Select(model => (string?)model!["model"]));
        foreach (var (model, run) in models.Zip(runs))
        {
            var alone = JsonNode.Parse(CommandLine.Succeeds("predict", trained.Video, "--json", "--top", "3", "--checkpoint", run))!;
            Assert.Equal(Names(alone), Names(model!));
            Assert.True((double)model!["milliseconds"]! > 0);
            Assert.InRange((long)model["parameters"]!, 100_000, 1_000_000);
        }
        var table = CommandLine.Succeeds(["compare", trained.Video, "--checkpoint", .. runs]);
        Assert.Matches(@"run +vivit-tiny +videomae-tiny", table);
        Assert.Matches(@"clip +8x32x32 +8x32x32 +8x32x32", table);

        static IEnumerable<string> Names(JsonNode said) => said["predictions"]!.AsArray().Select(score => (string)score!["name"]!);
    }

    [Fact]
    public void One_model_is_refused()
    {
        var (status, _, error) = CommandLine.Run("compare", trained.Video, "--checkpoint", trained.Run);
        Assert.Equal(2, status);
        Assert.Contains("compare needs two checkpoints or more", error, StringComparison.Ordinal);
    }
}
