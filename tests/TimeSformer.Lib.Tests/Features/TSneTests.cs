using TimeSformer.Features;
using static TimeSformer.Tests.Features.FeatureFixtures;

namespace TimeSformer.Tests.Features;

public sealed class TSneTests : TensorTests
{
    [Fact]
    public void Neighbors_in_a_mixture_of_Gaussians_stay_neighbors_and_classes_stay_together()
    {
        var set = Mixture(classes: 10, perClass: 60, spread: 0.5, features: 50);
        var places = TSne.Of(set.Values);
        Assert.Equal([600, 2], places.shape);
        Assert.InRange(Trustworthiness.Of(set.Values, places), 0.95, 1);
        Assert.InRange(Trustworthiness.Of(set.Values, rand(600, 2)), 0.4, 0.6);
        var label = set.Labels();
        var nearest = cdist(places, places).Plus(eye(600).Times(1e9)).argmin(1);
        Assert.True(label.index_select(0, nearest).eq(label).sum().Number() >= 597);
        Assert.InRange(places.mean([0L]).abs().max().Number(), 0, 1e-3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_places_whatever_the_number_of_threads()
    {
        var points = Mixture(classes: 3, perClass: 30, features: 12).Values;
        var (one, two, three) = (Places(0, 1), Places(0, 2), Places(0, 3));
        Assert.Equal(one, two);
        Assert.Equal(one, three);
        Assert.NotEqual(one, Places(1, 1));

        float[] Places(int seed, int threads) => TSne.Of(points, seed, threads).data<float>().ToArray();
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void A_few_points_have_places_too(int count)
    {
        Libtorch.set_flush_denormal(true); // as commands do
        var places = TSne.Of(randn(count, 7));
        Assert.Equal([count, 2], places.shape);
        Assert.True(places.isfinite().all().item<bool>());
        Assert.Equal(count, places.data<float>().ToArray().Chunk(2).Select(place => (place[0], place[1])).Distinct().Count());
    }

    [Fact]
    public void Equal_points_lie_together()
    {
        var points = Mixture(classes: 2, perClass: 20, features: 6).Values;
        points[1] = points[0];
        var places = TSne.Of(points);
        var distances = cdist(places, places)[0].data<float>().ToArray();
        Assert.All(distances[2..], distance => Assert.True(distance > 10 * distances[1]));
        Assert.True(TSne.Of(ones(30, 4)).isfinite().all().item<bool>());
    }

    [Fact]
    public void Progress_counts_the_steps_and_cancelling_ends_them()
    {
        using var source = new CancellationTokenSource();
        List<int> steps = [];
        var cancelling = new SynchronousProgress(step =>
        {
            steps.Add(step);
            if (step == 3) source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => TSne.Of(randn(20, 4), 0, cancelling, source.Token));
        Assert.Equal([1, 2, 3], steps);
    }

    [Fact]
    public void Points_that_are_not_finite_are_refused() =>
        Assert.Refused<ArgumentException>("not all finite", () => TSne.Of(tensor(new[,] { { 1f, float.NaN }, { 0f, 1f } })));

    [Fact]
    public void Placing_leaves_no_tensors()
    {
        var points = randn(20, 4);
        TSne.Of(points).Dispose();
        long before = LiveTensors.Settled();
        TSne.Of(points).Dispose();
        Assert.Equal(before, LiveTensors.Settled());
    }
}
