namespace TimeSformer.Tests.Video;

public sealed class FrameTimesTests
{
    [Fact]
    public void Frames_at_even_distances_are_numbered_as_they_come()
    {
        var times = FrameTimes.Of([.. Enumerable.Range(0, 50).Select(k => Math.Round(0.014 + (k / 24.0), 3))], 24);
        Assert.True(times.IsConstant);
        Assert.Equal((24, 50), (times.Rate, times.Count));
    }

    [Fact]
    public void Jitter_of_less_than_half_a_frame_is_even()
    {
        var random = new Random(1);
        var times = FrameTimes.Of([.. Enumerable.Range(0, 300).Select(k => (k + (0.4 * random.NextDouble())) / 30)], 30);
        Assert.Equal((true, 300), (times.IsConstant, times.Count));
    }

    [Fact]
    public void A_wrong_declared_rate_gives_way_to_the_measured_one() =>
        Assert.Equal(10, FrameTimes.Of([.. Enumerable.Range(0, 11).Select(k => k / 10.0)], 25).Rate, 6);

    [Fact]
    public void With_a_pause_frames_count_as_those_shown_at_30_per_second()
    {
        var times = FrameTimes.Of([0, 1 / 30.0, 2 / 30.0, 2, 2 + (1 / 30.0)], 30); // the third is shown for almost two seconds
        Assert.Equal((false, 30, 62), (times.IsConstant, times.Rate, times.Count));
        Assert.Equal([0, 1, 2, 2, 2, 3, 4], new[] { 0, 1, 2, 30, 59, 60, 61 }.Select(times.Decoded));
    }

    [Fact]
    public void Of_frames_with_one_time_the_last_is_shown() =>
        Assert.Equal(3, FrameTimes.Of([0, 0.5, 0.5, 0.5, 2], 30).Decoded(18)); // at 0.6 s

    [Fact]
    public void A_missing_time_follows_the_one_before()
    {
        // MPEG-4 in AVI: the last frame comes without a time.
        var times = FrameTimes.Of([0.04, 0.08, 0.12, 0.16, 0], 25);
        Assert.Equal((true, 25, 5), (times.IsConstant, times.Rate, times.Count));
    }

    [Fact]
    public void Absurd_times_leave_the_order_of_frames() =>
        Assert.Equal((true, 3), FrameTimes.Of([0, 5, 1e12], 25) is var times ? (times.IsConstant, times.Count) : default);

    [Fact]
    public void The_frame_at_a_place_is_the_last_one_whose_time_has_come()
    {
        var hundredths = Gen.Choose(0, 200);
        Prop.ForAll(hundredths.NonEmptyListOf().Zip(Gen.Choose(0, 300)).ToArbitrary(), drawn =>
        {
            double now = 0;
            var seconds = drawn.Item1.Select(gap => now += gap / 100.0).Prepend(0).ToList();
            var times = FrameTimes.Of(seconds, 25);
            if (times.IsConstant) return;
            double time = (drawn.Item2 / 30.0) + FrameTimes.Rounding;
            Assert.Equal(seconds.FindLastIndex(second => second <= time), times.Decoded(drawn.Item2));
            var decoded = Enumerable.Range(0, times.Count).Select(times.Decoded).ToList();
            Assert.Equal(decoded.Order(), decoded);
            Assert.Equal(seconds.Count - 1, decoded[^1]);
        }).QuickCheckThrowOnFailure();
    }
}
