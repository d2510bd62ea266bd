using static TimeSformer.Video.RandAugment;

namespace TimeSformer.Tests.Video;

/// <summary>The augmentations of training clips, including mixup.</summary>
public sealed class AugmentationTests : TensorTests
{
    public static TheoryData<string> Operations => [.. Enum.GetNames<Operation>()];

    [Fact]
    public void Inverse_uniform_scales_favor_small_ones()
    {
        double[] Scales(bool inverse) => [.. Enumerable.Range(0, 4000).Select(seed => (double)Scale(seed, inverse))];
        int Scale(int seed, bool inverse) => ClipTransform.Random(100, 300, 32, false, new Random(seed), inverse).ShortSide;
        // Means of x and of 1/x between 100 and 300: 200, and 100 log(3) / (1 - 1/3).
        Assert.Equal(200, Scales(inverse: false).Average(), 4.0);
        Assert.Equal(100 * Math.Log(3) / (2.0 / 3), Scales(inverse: true).Average(), 4.0);
        Assert.All(Scales(inverse: true), scale => Assert.InRange(scale, 100, 300));
    }

    [Theory, MemberData(nameof(Operations))]
    public void An_operation_treats_all_frames_alike_and_with_zero_strength_keeps_them(string name)
    {
        var operation = Enum.Parse<Operation>(name);
        var picture = Noise();
        var clip = picture.expand(3, 24, 24, 3).contiguous();
        RandAugment.Apply(clip, operation, 0.9);
        Assert.True(clip[0].Equals(clip[1]) && clip[0].Equals(clip[2]));
        Assert.Equal(operation is Operation.Identity or Operation.AutoContrast, clip[0].Equals(picture[0])); // the noise fills the range
        var still = picture.clone();
        RandAugment.Apply(still, operation, 0);
        if (operation is not (Operation.AutoContrast or Operation.Equalize)) Assert.True(still.Equals(picture));
    }

    [Theory]
    [InlineData("Solarize", new byte[] { 0, 100, 127, 128, 255 }, new byte[] { 0, 100, 127, 127, 0 })]
    [InlineData("Posterize", new byte[] { 0, 100, 127, 128, 255 }, new byte[] { 0, 100, 124, 128, 252 })]
    [InlineData("Brightness", new byte[] { 0, 100, 127, 128, 255 }, new byte[] { 0, 145, 184, 186, 255 })]
    [InlineData("Contrast", new byte[] { 0, 100, 122, 133, 255 }, new byte[] { 0, 90, 122, 138, 255 })]
    [InlineData("AutoContrast", new byte[] { 50, 100, 150, 75, 60 }, new byte[] { 0, 128, 255, 64, 26 })]
    [InlineData("Equalize", new byte[] { 10, 11, 12, 13, 200 }, new byte[] { 0, 64, 128, 191, 255 })]
    [InlineData("Color", new byte[] { 0, 100, 127, 128, 255 }, new byte[] { 0, 100, 127, 128, 255 })]
    public void Operations_map_gray_values_as_expected(string name, byte[] before, byte[] after)
    {
        var clip = tensor(before).view(1, 1, 5, 1).expand(1, 1, 5, 3).contiguous();
        RandAugment.Apply(clip, Enum.Parse<Operation>(name), 0.5);
        Assert.Equal(after, clip[0, 0, .., 0].contiguous().data<byte>().ToArray());
        Assert.True(clip[.., .., .., 0].Equals(clip[.., .., .., 2]));
    }

    [Fact]
    public void A_translation_moves_the_picture_and_fills_the_border_with_the_mean_color()
    {
        var before = Noise();
        var after = before.clone();
        RandAugment.Apply(after, Operation.TranslateX, 10 / 0.45 / 24); // ten pixels of 24
        Assert.True(after[.., .., 10.., ..].Equals(before[.., .., ..14, ..]));
        Assert.All(after[.., .., ..10, ..].contiguous().data<byte>(), value => Assert.Equal(115, value));
    }

    [Fact]
    public void Rotating_back_and_forth_keeps_the_center()
    {
        var clip = zeros(new long[] { 1, 25, 25, 3 }, ScalarType.Byte);
        clip[0, 12, 4..21] = tensor((byte)200); // a bar through the center
        RandAugment.Apply(clip, Operation.Rotate, 1); // thirty degrees
        Assert.Equal(200, clip[0, 12, 12, 0].item<byte>(), 10.0);
        Assert.True(clip[0, 12, 5, 0].item<byte>() < 60);
        RandAugment.Apply(clip, Operation.Rotate, -1);
        Assert.True(clip[0, 12, 7, 0].item<byte>() > 100);
    }

    [Fact]
    public void Erasing_fills_the_same_rectangle_of_all_frames_with_noise()
    {
        var areas = new List<double>();
        for (int seed = 0; seed < 200; seed++)
        {
            var clip = zeros(new long[] { 2, 32, 32, 3 }, ScalarType.Byte);
            new RandomErasing(1).Apply(clip, new Random(seed));
            var erased = clip.sum(3).ne(0); // (T, S, S); one noise pixel in 2^24 is black
            var box = erased.any(0);
            long rows = box.any(1).sum().item<long>(), columns = box.any(0).sum().item<long>();
            Assert.Equal(2 * rows * columns, erased.sum().item<long>());
            areas.Add(rows * columns / 1024.0);
        }
        Assert.InRange(areas.Max(), 0.28, 0.36);
        Assert.InRange(areas.Min(), 0.01, 0.05);
    }

    [Fact]
    public void Erasing_happens_with_the_given_probability()
    {
        int changed = Enumerable.Range(0, 400).Count(seed =>
        {
            var clip = zeros(new long[] { 1, 16, 16, 3 }, ScalarType.Byte);
            new RandomErasing(0.25).Apply(clip, new Random(seed));
            return clip.max().item<byte>() > 0;
        });
        Assert.InRange(changed, 70, 130);
    }

    [Fact]
    public void An_augmented_clip_depends_only_on_seed_epoch_and_index_and_zero_strengths_change_nothing()
    {
        ProceduralVideos.Write(new(folder.Path, ProceduralFamily.Appearance, 1, 0));
        var list = VideoList.Read(folder.File("train.txt"));
        var plain = new Augmentation(32, 40, Flip: true);
        var strong = plain with { InverseUniformScale = true, RandAugment = new(2, 9), Erasing = new(0.5) };
        using var first = new VideoDataset(list, new(4, 2, 32), strong, seed: 5);
        using var second = new VideoDataset(list, new(4, 2, 32), strong, seed: 5, cacheBytes: 100_000_000);
        using var off = new VideoDataset(list, new(4, 2, 32), plain, seed: 5);
        using var none = new VideoDataset(list, new(4, 2, 32), plain with { RandAugment = new(0, 9), Erasing = new(0) }, seed: 5);
        for (int k = 0; k < 8; k++)
        {
            Assert.True(first.GetTensor(k)!.Frames.Equals(second.GetTensor(k)!.Frames));
            Assert.True(off.GetTensor(k)!.Frames.Equals(none.GetTensor(k)!.Frames));
        }
        Assert.Contains(Enumerable.Range(0, 8), k => !first.GetTensor(k)!.Frames.Equals(off.GetTensor(k)!.Frames));
    }

    [Fact]
    public void The_keys_of_a_recipe_set_the_augmentation()
    {
        const string Strong = "data: {random_flip: false, inv_uniform_sample: true, rand_augment_num_ops: 2, rand_augment_magnitude: 7, "
            + "re_prob: 0.25}";
        Assert.Equal(new Augmentation(256, 320, Flip: true), RecipeFile.Parse("data: {num_frames: 8}").Data.Augmentation());
        Assert.Equal(
            new Augmentation(256, 320, Flip: false) { InverseUniformScale = true, RandAugment = new(2, 7), Erasing = new(0.25) },
            RecipeFile.Parse(Strong).Data.Augmentation());
    }

    [Fact]
    public void Mixup_blends_clips_and_targets_with_those_of_the_reversed_batch()
    {
        var clips = tensor(new float[] { 0, 10, 20 }).view(3, 1, 1, 1, 1);
        var (mixed, targets) = MixUp.Mix(clips, tensor(new long[] { 0, 1, 3 }), classes: 4, weight: 0.75);
        Assert.Equal([5, 10, 15], mixed.data<float>().ToArray());
        Assert.Equal([0.75f, 0, 0, 0.25f, 0, 1, 0, 0, 0.25f, 0, 0, 0.75f], targets.data<float>().ToArray());
    }

    [Theory, InlineData(0.2), InlineData(1.0), InlineData(8.0)]
    public void Mixup_fractions_follow_the_beta_distribution(double alpha)
    {
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 20_000).Select(_ => MixUp.Beta(alpha, random)).ToArray();
        Assert.All(drawn, fraction => Assert.InRange(fraction, 0, 1));
        // Mean 1/2 and variance 1 / (4 (2 alpha + 1)); twenty thousand draws are within a hundredth of each.
        Assert.Equal(0.5, drawn.Average(), 0.01);
        Assert.Equal(1 / (4 * ((2 * alpha) + 1)), drawn.Average(fraction => (fraction - 0.5) * (fraction - 0.5)), 0.005);
    }

    // A frame of noise that contains the minimum and maximum of each color channel.
    private static Tensor Noise()
    {
        manual_seed(0);
        var picture = randint(0, 256, new long[] { 1, 24, 24, 3 }, ScalarType.Byte);
        picture[0, 0, 0] = tensor((byte)0);
        picture[0, 0, 1] = tensor((byte)255);
        return picture;
    }
}
