namespace TimeSformer.Tests.Video;

public sealed class ClipTransformTests : TensorTests
{
    [Fact]
    public void A_random_crop_reaches_every_position()
    {
        var frames = Columns(34);
        var counts = Enumerable.Range(0, 300)
            .CountBy(seed => FirstColumn(ClipTransform.Random(32, 32, 32, flip: false, new Random(seed)), frames)).ToDictionary();
        Assert.Equal([0, 1, 2], counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 60, 140));
    }

    [Theory, InlineData(0, 0), InlineData(1, 3), InlineData(2, 5)] // the center is 2.5, rounded up as in the official code
    public void The_three_crops_of_a_wide_video_are_left_center_and_right(int crop, int column) =>
        Assert.Equal(column, FirstColumn(ClipTransform.Uniform(32, crop), Columns(37)));

    [Fact]
    public void A_fourth_crop_is_rejected() => Assert.Throws<ArgumentOutOfRangeException>(() => ClipTransform.Uniform(32, 3));

    [SkippableTheory, InlineData("wide", 32), InlineData("tall", 24)]
    public void Scaled_and_cropped_frames_match_the_official_code(string shape, int size)
    {
        using var file = SafeTensorsFile.Open(Shared.Require("reference", "more", $"official_preprocess_{shape}.safetensors"));
        for (int crop = 0; crop < 3; crop++)
        {
            var cropped = ClipTransform.Uniform(size, crop).Apply(file.Read("frames_u8_THWC"));
            var actual = ClipNormalization.Default.Apply(cropped.unsqueeze(0))[0]; // (C, T, S, S)
            // The official code scales floating-point values, this one bytes: they differ by at most 1/255.
            Assert.InRange((actual - file.Read($"test_crop{crop}_CTHW")).abs().max().item<float>(), 0, 1.01 / 255 / 0.225);
        }
    }

    // One frame whose pixel values are their column numbers.
    private static Tensor Columns(int width)
    {
        var frames = zeros(new long[] { 1, 32, width, 3 }, ScalarType.Byte);
        for (int x = 0; x < width; x++) frames[0, .., x] = tensor((byte)x);
        return frames;
    }

    private static int FirstColumn(ClipTransform transform, Tensor frames) => transform.Apply(frames).bytes[0];
}
