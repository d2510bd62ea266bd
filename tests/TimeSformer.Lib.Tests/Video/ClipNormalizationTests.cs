namespace TimeSformer.Tests.Video;

/// <summary>Colors as the model takes them.</summary>
public sealed class ClipNormalizationTests : TensorTests
{
    [Fact]
    public void Each_color_has_its_own_mean_and_standard_deviation()
    {
        var clip = zeros(new long[] { 1, 2, 4, 4, 3 }, ScalarType.Byte);
        clip[.., 1] = tensor((byte)255);
        var values = new ClipNormalization([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]).Apply(clip); // (1, 3, 2, 4, 4)
        double[] black = [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225], white = [0.515 / 0.229, 0.544 / 0.224, 0.594 / 0.225];
        for (int color = 0; color < 3; color++)
        {
            Assert.Equal(black[color], values[0, color, 0, 3, 3].item<float>(), precision: 5);
            Assert.Equal(white[color], values[0, color, 1, 0, 0].item<float>(), precision: 5);
        }
    }

    [Fact]
    public void One_number_stands_for_three_and_equal_numbers_are_equal()
    {
        ClipNormalization one = new([0.45], [0.225]), three = new([0.45, 0.45, 0.45], [0.225, 0.225, 0.225]);
        Assert.Equal(ClipNormalization.Default, one);
        Assert.Equal(one, three);
        Assert.Equal(one.GetHashCode(), three.GetHashCode());
        Assert.NotEqual(one, new([0.45, 0.45, 0.4], [0.225]));
    }

    [Fact]
    public void Numbers_that_normalize_nothing_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ClipNormalization([0.5, 0.5]));
        Assert.Throws<ArgumentException>(() => new ClipNormalization([double.NaN]));
        Assert.Throws<ArgumentException>(() => new ClipNormalization(std: [0.2, 0, 0.2]));
    }

    [Fact]
    public void The_center_crop_is_cut_from_a_short_side_of_its_own_and_three_crops_from_the_crops()
    {
        // A frame whose left half is black.
        var frames = zeros(new long[] { 1, 40, 80, 3 }, ScalarType.Byte);
        frames[.., .., 40..] = tensor((byte)255);
        ClipFormat clip = new(1, 1, 20) { ShortSide = 40 };
        Assert.True(frames[.., 10..30, 30..50].Equals(new TestViews().Crop(frames, clip)[0]));
        var crops = new TestViews(Crops: 3).Crop(frames, clip);
        Assert.Equal((0, 255), (crops[0].max().item<byte>(), crops[2].min().item<byte>()));
    }
}
