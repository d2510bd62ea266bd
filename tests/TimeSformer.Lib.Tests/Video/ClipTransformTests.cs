using TimeSformer.Checkpoints.Formats;
using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Tests.Video;

public sealed class ClipTransformTests
{
    [Fact]
    public void A_random_crop_reaches_every_place()
    {
        using var scope = NewDisposeScope();
        var frames = Columns(34);
        var places = Enumerable.Range(0, 300).CountBy(seed => FirstColumn(ClipTransform.Random(32, 32, 32, flip: false, new Random(seed)), frames)).ToDictionary();
        Assert.Equal([0, 1, 2], places.Keys.Order());
        Assert.All(places.Values, count => Assert.InRange(count, 60, 140));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 3)] // 2.5, rounded up as by the official code
    [InlineData(2, 5)]
    public void The_three_crops_of_a_wide_video_are_left_middle_and_right(int crop, int column)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(column, FirstColumn(ClipTransform.Uniform(32, crop), Columns(37)));
    }

    [Fact]
    public void There_is_no_fourth_crop() => Assert.Throws<ArgumentOutOfRangeException>(() => ClipTransform.Uniform(32, 3));

    [SkippableTheory]
    [InlineData("wide", 32)]
    [InlineData("tall", 24)]
    public void Scaled_and_cropped_frames_equal_the_official_codes(string shape, int size)
    {
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(Shared.Require("reference", "more", $"official_preprocess_{shape}.safetensors"));
        for (int crop = 0; crop < 3; crop++)
        {
            var ours = ClipNormalization.Default.Apply(ClipTransform.Uniform(size, crop).Apply(file.Read("frames_u8_THWC")).unsqueeze(0))[0]; // (C, T, S, S)
            // The official code scales floating-point values, we scale bytes: at most one step of 1/255 apart.
            Assert.InRange((ours - file.Read($"test_crop{crop}_CTHW")).abs().max().item<float>(), 0, 1.01 / 255 / 0.225);
        }
    }

    // One frame whose pixels hold the number of their column.
    private static Tensor Columns(int width)
    {
        var frames = zeros(new long[] { 1, 32, width, 3 }, ScalarType.Byte);
        for (int x = 0; x < width; x++) frames[0, .., x] = tensor((byte)x);
        return frames;
    }

    private static int FirstColumn(ClipTransform transform, Tensor frames) => transform.Apply(frames).bytes[0];
}
