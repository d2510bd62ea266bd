using TimeSformer.Experiments;

namespace TimeSformer.Tests.Experiments;

public sealed class CrossingTests
{
    private static readonly string[] clips = ["8 x 112", "8 x 224", "32 x 112", "8 x 448"];
    private static readonly long[] patches = [400, 1600, 1600, 6400];

    [Fact]
    public void It_lies_between_the_sizes_around_it_in_logarithms() =>
        Check("from about 800 patches on", joint: [1, 2, 2, 4], divided: [2, 1, 1, 1]);

    [Fact]
    public void Clips_of_as_many_patches_count_by_their_mean() =>
        Check("from about 3200 patches on", joint: [1, 1, 1, 4], divided: [2, 1, 4, 2]);

    [Fact]
    public void A_model_that_is_never_or_always_cheaper_has_none()
    {
        Check("none measured, up to 6400 patches", joint: [1, 1, 1, 1], divided: [2, 2, 2, 2]);
        Check("all measured, from 400 patches on", joint: [2, 2, 2, 2], divided: [1, 1, 1, 1]);
    }

    [Fact]
    public void Sizes_that_are_not_measured_of_both_do_not_count()
    {
        Check("none measured, up to 1600 patches", joint: [1, 1, 1, null], divided: [2, 2, 2, 1]);
        Check("not measured", joint: [null, null, null, null], divided: [1, 1, 1, 1]);
    }

    private static void Check(string expected, double?[] joint, double?[] divided)
    {
        IEnumerable<CostResult> Results(double?[] seconds) => clips.Select((clip, i) => new CostResult(
            "cost", "small", new Dictionary<string, string> { ["attention"] = "any", ["clip"] = clip }, "", 1, patches[i], 1, 1,
            seconds[i], seconds[i], 1, 1, 1, "", Provenance.Now("cpu")));
        Assert.Equal(expected, Crossing.Of(Results(joint), Results(divided), result => result.TrainingSeconds).ToString());
    }
}
