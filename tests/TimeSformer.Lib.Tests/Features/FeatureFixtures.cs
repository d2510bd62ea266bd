using TimeSformer.Features;

namespace TimeSformer.Tests.Features;

/// <summary>Handmade features.</summary>
internal static class FeatureFixtures
{
    public static FeatureSource Source { get; } = new("0123456789", 8, 4, 32, null, "mean 0.45, std 0.225", "1x1x1");

    /// <summary>
    /// A mixture of Gaussians: video k is of class k mod C, and of recording k / C mod R. Class means are the same whatever the seed.
    /// </summary>
    public static FeatureSet Mixture(
        int classes = 4, int perClass = 20, double spread = 0.5, int features = 16, int recordings = 5, int seed = 1)
    {
        using var scope = NewDisposeScope();
        using Generator means = new(0), noise = new((ulong)seed);
        int count = classes * perClass;
        var label = arange(count).remainder(classes);
        var recording = arange(count).div(classes, RoundingMode.floor).remainder(recordings);
        var centers = randn([classes, features], generator: means);
        var values = centers.index_select(0, label).Plus(randn([count, features], generator: noise).Times(spread));
        var places = FeatureClassifier.Unit(randn([recordings, 256], generator: means));
        var labels = label.data<long>().ToArray();
        return new(
            Source, [.. labels.Select((number, k) => new VideoItem($"/videos/r{k / classes % recordings}_{k}.mp4", (int)number))],
            [.. Enumerable.Range(0, classes).Select(number => $"class of {number}")], values.MoveToOuterDisposeScope(),
            places.index_select(0, recording).MoveToOuterDisposeScope());
    }

    /// <summary>The rows of a matrix.</summary>
    public static double[][] Rows(Tensor matrix) =>
        [.. matrix.to_type(ScalarType.Float64).data<double>().ToArray().Chunk((int)matrix.shape[1])];
}
