namespace TimeSformer.Tests.Video;

public sealed class ClipSamplerTests : TensorTests
{
    // Expected values from the official functions (datasets/decoder.py, datasets/ssv2.py).
    [Theory]
    [InlineData(300, 0, 256, new[] { 0, 36, 72, 109, 145, 182, 218, 255 })]
    [InlineData(200, 0, 256, new[] { 0, 36, 72, 109, 145, 182, 199, 199 })]
    [InlineData(250, 10.5, 100.75, new[] { 10, 24, 39, 53, 67, 81, 96, 110 })]
    public void Frames_are_spread_as_in_the_official_code(int frames, double start, double span, int[] expected) =>
        Assert.Equal(expected, ClipSampler.Spread(frames, start, span, 8));

    [Theory]
    [InlineData(50, 8, new[] { 3, 9, 15, 21, 27, 34, 40, 46 })]
    [InlineData(12, 8, new[] { 0, 2, 3, 5, 6, 7, 9, 10 })]
    [InlineData(5, 8, new[] { 0, 0, 1, 2, 2, 2, 3, 4 })]
    public void Segments_are_centered_as_in_the_official_code(int frames, int count, int[] expected) =>
        Assert.Equal(expected, ClipSampler.Segments(frames, count, random: null));

    [SkippableFact]
    public void All_sampled_indices_match_the_official_code()
    {
        var table = JsonNode.Parse(File.ReadAllText(Shared.Require("reference", "more", "sampling_and_schedule.json")))!;
        foreach (var row in table["temporal_sampling"]!.AsArray())
        {
            var (start, end) = ((double)row!["start"]!, (double)row["end"]!);
            Assert.Equal(Ints(row["index"]), ClipSampler.Spread((int)row["frames"]!, start, end - start + 1, (int)row["num"]!));
        }
        foreach (var row in table["ssv2"]!.AsArray())
        {
            var (frames, count) = ((int)row!["frames"]!, (int)row["num"]!);
            Assert.Equal(Ints(row["eval_index"]), ClipSampler.Segments(frames, count, random: null));
            var drawn = Enumerable.Range(0, 200).Select(seed => ClipSampler.Segments(frames, count, new Random(seed))).ToArray();
            Assert.Equal(Ints(row["start"]), Enumerable.Range(0, count).Select(k => drawn.Min(indices => indices[k])));
            Assert.Equal(Ints(row["end_inclusive"]), Enumerable.Range(0, count).Select(k => drawn.Max(indices => indices[k])));
        }
        foreach (var row in table["clip_windows"]!.AsArray())
        {
            var (length, start, span) = ((int)row!["video"]!, (double)row["start"]!, (double)row["clip"]!);
            var video = new VideoInfo(64, 64, 30 * span / 256, length); // a frame rate at which 8 frames at rate 32 cover the span
            var view = ClipSampler.View(video, new ClipFormat(8, 32, 32), (int)row["idx"]!, (int)row["num_clips"]!);
            Assert.Equal(ClipSampler.Spread(length, start, span, 8), view);
        }
    }

    [Fact]
    public void A_random_clip_lies_within_the_video_in_ascending_order()
    {
        var videos = from count in Gen.Choose(1, 500)
                     from rate in Gen.Choose(1, 60)
                     from frames in Gen.Choose(1, 32)
                     from stride in Gen.Choose(1, 64)
                     select (count, rate, frames, stride);
        Prop.ForAll(videos.ToArbitrary(), drawn =>
        {
            var (count, rate, frames, stride) = drawn;
            var indices = ClipSampler.Random(new VideoInfo(64, 64, rate, count), new ClipFormat(frames, stride, 32), new Random(count));
            Assert.Equal(frames, indices.Length);
            Assert.All(indices, index => Assert.InRange(index, 0, count - 1));
            Assert.Equal(indices.Order(), indices);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_higher_frame_rate_makes_the_span_longer() =>
        Assert.Equal(2 * ClipSampler.Span(new(64, 64, 30, 100), new(8, 4, 32)), ClipSampler.Span(new(64, 64, 60, 100), new(8, 4, 32)));

    [Fact]
    public void The_center_crop_is_the_middle_of_the_picture()
    {
        var frames = zeros(new long[] { 1, 40, 80, 3 }, ScalarType.Byte);
        frames[.., 10..30, 30..50] = tensor((byte)200);
        using var crop = new ClipTransform(40, 20, 0.5, 0.5, Flip: false).Apply(frames);
        Assert.All(crop.bytes.ToArray(), value => Assert.Equal(200, value));
    }

    [Fact]
    public void A_flip_mirrors_each_frame()
    {
        var frames = randint(0, 256, new long[] { 3, 16, 16, 3 }, ScalarType.Byte);
        var mirrored = new ClipTransform(16, 16, 0, 0, Flip: true).Apply(frames);
        Assert.True(mirrored.Equals(frames.flip(2)));
    }

    [Fact]
    public void Normalization_uses_the_official_mean_and_standard_deviation()
    {
        var clips = zeros(new long[] { 2, 4, 8, 8, 3 }, ScalarType.Byte);
        clips[1] = tensor((byte)255);
        var values = ClipNormalization.Default.Apply(clips);
        Assert.Equal([2, 3, 4, 8, 8], values.shape);
        Assert.Equal(-0.45 / 0.225, values[0, 0, 0, 0, 0].item<float>(), precision: 5);
        Assert.Equal(0.55 / 0.225, values[1, 2, 3, 7, 7].item<float>(), precision: 5);
    }

    private static int[] Ints(JsonNode? array) => [.. array!.AsArray().Select(value => (int)value!)];
}
