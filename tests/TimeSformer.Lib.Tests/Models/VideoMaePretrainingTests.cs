namespace TimeSformer.Tests.Models;

/// <summary>Masks of tubes, and pre-training with them.</summary>
public sealed class VideoMaePretrainingTests() : TensorTests(gradients: true)
{
    private static readonly VideoMaePretrainingConfig tiny = VideoMaePretrainingConfig.Tiny;

    [Theory]
    [InlineData(8, 196, 0.9, 176)]
    [InlineData(8, 196, 0.75, 147)]
    [InlineData(4, 16, 0.9, 14)]
    [InlineData(1, 10, 0.9, 9)]
    public void A_mask_hides_the_same_places_in_every_moment_and_as_many_as_stated(int moments, int places, double ratio, int masked)
    {
        manual_seed(1);
        var masks = new TubeMask(moments, places, ratio).Draw(6).view(6, moments, places);
        var first = masks[.., ..1];
        Assert.True(masks.eq(first).all().item<bool>());
        Assert.All(first.sum(2).flatten().data<long>(), count => Assert.Equal(masked, count));
    }

    [Fact]
    public void Each_clip_and_each_draw_has_its_own_mask_and_every_place_is_hidden_as_often()
    {
        manual_seed(2);
        var tubes = new TubeMask(2, 16, 0.75);
        var masks = tubes.Draw(2000);                                                           // (2000, 32)
        var shares = masks.to_type(ScalarType.Float32).mean([0L]);
        Assert.InRange(shares.min().Number(), 0.70, 0.75);
        Assert.InRange(shares.max().Number(), 0.75, 0.80);
        manual_seed(2);
        Assert.True(masks.Equals(tubes.Draw(2000)));
        Assert.False(masks.Equals(tubes.Draw(2000)));
    }

    [Theory]
    [InlineData(16, 0.05)]
    [InlineData(16, 1.0)]
    [InlineData(1, 0.9)]
    public void A_mask_of_nothing_or_of_everything_is_refused(int places, double ratio) =>
        Assert.Refused<InputException>("some must be hidden and some seen", () => new TubeMask(2, places, ratio).Draw(1));

    [Fact]
    public void The_loss_does_not_depend_on_what_is_hidden_except_as_target()
    {
        manual_seed(3);
        using var model = new VideoMaePretraining(tiny);
        model.eval();
        var clips = randn(new long[] { 2, 3, 8, 32, 32 });
        var mask = model.MaskFor(clips);                                                        // (2, 64)
        Assert.Equal([2, 64], mask.shape);
        var pixels = mask.view(2, 1, 4, 4, 4).repeat_interleave(2, 2).repeat_interleave(8, 3).repeat_interleave(8, 4);
        var other = where(pixels, randn_like(clips), clips);
        var (predicted, target) = model.Reconstruct(clips, mask);
        var (again, otherTarget) = model.Reconstruct(other, mask);
        Assert.True(predicted.allclose(again, rtol: 1e-4, atol: 1e-5));
        Assert.False(target.allclose(otherTarget, rtol: 1e-2, atol: 1e-2));
        Assert.Equal(model.forward(clips, mask).Number(), (predicted - target).square().mean().Number(), 1e-5);
    }

    [Fact]
    public void Targets_have_mean_zero_and_deviation_one_in_each_channel_of_a_tubelet()
    {
        manual_seed(4);
        using var model = new VideoMaePretraining(tiny);
        var clips = randn(new long[] { 1, 3, 8, 32, 32 }).mul(0.3).add(2);
        var target = model.Reconstruct(clips, model.MaskFor(clips)).Target.view(1, -1, 2 * 8 * 8, 3);
        Assert.True(target.mean([2L]).abs().max().Number() < 1e-4);
        Assert.True(target.std(2).sub(1).abs().max().Number() < 1e-3);
        // Or they are the pixels themselves.
        using var plain = new VideoMaePretraining(tiny with { NormalizeTarget = false });
        var mask = model.MaskFor(clips);
        var pixels = plain.Reconstruct(clips, mask).Target.view(1, -1, 2 * 8 * 8, 3);
        Assert.True(((pixels - pixels.mean([2L], keepdim: true)) / pixels.std(2, keepdim: true)).allclose(
            model.Reconstruct(clips, mask).Target.view(1, -1, 2 * 8 * 8, 3), rtol: 1e-2, atol: 1e-3));
        Assert.InRange(pixels.mean().Number(), 1.9, 2.1);
        // A picture of one color has nothing to predict.
        manual_seed(4);
        var flat = model.Reconstruct(full_like(clips, 0.5), model.MaskFor(clips)).Target;
        Assert.Equal(0, flat.abs().max().Number());
    }

    [Fact]
    public void The_loss_falls_on_a_clip_seen_again_and_again()
    {
        manual_seed(5);
        using var model = new VideoMaePretraining(tiny);
        using var optimizer = new AdamW(model.parameters(), 2e-3);
        var (x, y, t) = (arange(32).view(1, 1, 1, 1, 32), arange(32).view(1, 1, 1, 32, 1), arange(8).view(1, 1, 8, 1, 1));
        var clip = (((x * 0.4f) + (t * 0.5f)).sin() + ((y * 0.3f) - (t * 0.4f)).cos()).expand(1, 3, 8, 32, 32).contiguous();
        List<double> losses = [];
        for (int step = 0; step < 80; step++)
        {
            using var scope = NewDisposeScope();
            var loss = model.forward(clip, model.MaskFor(clip));
            model.zero_grad();
            loss.backward();
            optimizer.step();
            losses.Add(loss.Number());
        }
        Assert.True(losses[^5..].Average() < 0.6 * losses[..5].Average(), $"from {losses[..5].Average()} to {losses[^5..].Average()}");
    }

    [Fact]
    public void A_mask_that_does_not_fit_the_clips_is_refused()
    {
        using var model = new VideoMaePretraining(tiny);
        var clips = zeros(new long[] { 2, 3, 8, 32, 32 });
        Assert.Refused<ArgumentException>("Bool (2, 64)", () => model.forward(clips, zeros(new long[] { 2, 16 }, ScalarType.Bool)));
        Assert.Refused<ArgumentException>("not Int64", () => model.forward(clips, zeros(new long[] { 2, 64 }, ScalarType.Int64)));
        var uneven = zeros(new long[] { 2, 64 }, ScalarType.Bool);
        uneven[0, 3] = true;
        Assert.Refused<ArgumentException>("as many in each clip", () => model.forward(clips, uneven));
        Assert.Refused<ArgumentException>("not all", () => model.forward(clips, ones(new long[] { 2, 64 }, ScalarType.Bool)));
        Assert.Refused<ArgumentException>("tubelets of 2", () => model.MaskFor(zeros(new long[] { 2, 3, 7, 32, 32 })));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_classifier_starts_with_the_encoder_and_its_own_head(bool meanPooling)
    {
        manual_seed(6);
        using var pretraining = new VideoMaePretraining(tiny);
        using var classifier = new VideoMae(tiny.Encoder with { NumClasses = 5, MeanPooling = meanPooling });
        var head = classifier.state_dict()["head.weight"].clone();
        pretraining.CopyEncoderTo(classifier);
        var (encoder, state) = (pretraining.state_dict(), classifier.state_dict());
        Assert.True(head.Equals(state["head.weight"]));
        foreach (var (name, weight) in state.Where(weight => weight.Key.Split('.')[0] is not ("head" or "fc_norm")))
        {
            Assert.True(encoder[name].Equals(weight), name);
        }
        Assert.Equal(!meanPooling, state.ContainsKey("norm.weight"));
    }

    [Fact]
    public void A_classifier_of_other_sizes_is_refused()
    {
        using var pretraining = new VideoMaePretraining(tiny);
        using var deeper = new VideoMae(tiny.Encoder with { Depth = 5 });
        using var wider = new VideoMae(tiny.Encoder with { EmbedDim = 128 });
        Assert.Refused<ArgumentException>("the encoder has no blocks.4.", () => pretraining.CopyEncoderTo(deeper));
        Assert.Refused<ArgumentException>("patch_embed.proj.weight has shape", () => pretraining.CopyEncoderTo(wider));
    }

    [Fact]
    public void A_step_leaves_no_tensor_but_the_gradients()
    {
        using var model = new VideoMaePretraining(tiny);
        var clips = randn(new long[] { 1, 3, 8, 32, 32 });
        long before = LiveTensors.Settled();
        using (NewDisposeScope()) model.forward(clips, model.MaskFor(clips)).backward();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
