using TimeSformer.Models;
using static TorchSharp.torch;

namespace TimeSformer.Tests.Models;

public sealed class TimeSformerModelTests
{
    private static readonly TimeSformerConfig sizes = TimeSformerConfig.Tiny with { NumClasses = 5, EmbedDim = 24, Depth = 2, NumHeads = 3, NumFrames = 4, EmbeddingStd = null };

    [Theory]
    [InlineData(AttentionScheme.SpaceOnly, 85.93)]
    [InlineData(AttentionScheme.JointSpaceTime, 85.94)]
    [InlineData(AttentionScheme.DividedSpaceTime, 121.39)]
    [InlineData(AttentionScheme.SparseLocalGlobal, 121.39)]
    [InlineData(AttentionScheme.Axial, 156.85)]
    public void Base_has_the_papers_parameter_count_with_174_classes(AttentionScheme scheme, double millions)
    {
        using var model = new TimeSformerModel(TimeSformerConfig.Base with { NumClasses = 174, Attention = scheme });
        Assert.Equal(millions, model.parameters().Sum(parameter => parameter.numel()) / 1e6, precision: 2);
    }

    [Fact]
    public void The_state_dict_bears_the_official_names()
    {
        using var model = new TimeSformerModel(sizes with { Depth = 1 });
        string[] block =
        [
            "norm1", "attn.qkv", "attn.proj", "temporal_norm1", "temporal_attn.qkv", "temporal_attn.proj", "temporal_fc", "norm2", "mlp.fc1", "mlp.fc2",
        ];
        var layers = block.Select(name => $"blocks.0.{name}").Concat(["patch_embed.proj", "norm", "head"]);
        var expected = layers.SelectMany(name => new[] { $"{name}.weight", $"{name}.bias" }).Concat(["cls_token", "pos_embed", "time_embed"]);
        Assert.Equal(expected.Order(), model.state_dict().Keys.Order());
    }

    [Fact]
    public void Space_only_has_no_time_embedding_and_no_temporal_weights()
    {
        using var model = new TimeSformerModel(sizes with { Attention = AttentionScheme.SpaceOnly });
        Assert.DoesNotContain(model.state_dict().Keys, name => name.Contains("time", StringComparison.Ordinal) || name.Contains("temporal", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 4, 32, 32)]
    [InlineData(3, 4, 32, 32)]
    [InlineData(2, 1, 32, 32)]
    [InlineData(2, 9, 48, 24)]
    public void Logits_have_a_row_a_clip_for_other_frame_counts_and_sizes_too(long batch, long frames, long height, long width)
    {
        foreach (var scheme in Enum.GetValues<AttentionScheme>())
        {
            using var scope = NewDisposeScope();
            using var model = new TimeSformerModel(sizes with { Attention = scheme });
            model.eval();
            Assert.Equal([batch, 5], model.call(randn(new long[] { batch, 3, frames, height, width })).shape);
        }
    }

    [Fact]
    public void At_the_start_a_divided_model_is_blind_to_the_order_of_frames()
    {
        // temporal_fc and the time embedding are zero, so that nothing moves between frames but their average.
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        manual_seed(1);
        using var model = new TimeSformerModel(sizes);
        model.eval();
        var clip = randn(new long[] { 2, 3, 4, 32, 32 });
        Assert.True(model.call(clip).allclose(model.call(clip.flip(2)), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Space_only_cannot_tell_a_clip_from_its_reverse_whatever_its_weights()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        manual_seed(2);
        using var model = new TimeSformerModel(sizes with { Attention = AttentionScheme.SpaceOnly });
        foreach (var parameter in model.parameters()) parameter.normal_(0, 0.1).Dispose();
        model.eval();
        var clip = randn(new long[] { 2, 3, 4, 32, 32 });
        Assert.True(model.call(clip).allclose(model.call(clip.flip(2)), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Divided_attention_tells_a_clip_from_its_reverse_once_the_temporal_weights_are_not_zero()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        manual_seed(3);
        using var model = new TimeSformerModel(sizes);
        foreach (var parameter in model.parameters()) parameter.normal_(0, 0.2).Dispose();
        model.eval();
        var clip = randn(new long[] { 2, 3, 4, 32, 32 });
        Assert.False(model.call(clip).allclose(model.call(clip.flip(2)), rtol: 1e-3, atol: 1e-4));
    }

    [Fact]
    public void A_forward_and_backward_pass_leaves_no_tensor_but_the_gradients()
    {
        using var model = new TimeSformerModel(sizes);
        using var clip = randn(new long[] { 2, 3, 4, 32, 32 });
        long before = LiveTensors.Settled();
        using (NewDisposeScope()) model.call(clip).sum().backward();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData("5 dimensions", 2, 3, 32, 32)]
    [InlineData("channels", 2, 1, 4, 32, 32)]
    [InlineData("patches of 8x8", 2, 3, 4, 30, 32)]
    [InlineData("patches of 8x8", 0, 3, 4, 32, 32)]
    public void A_clip_of_the_wrong_shape_is_refused_in_words(string said, params int[] shape)
    {
        using var model = new TimeSformerModel(sizes);
        using var clip = zeros(Array.ConvertAll(shape, length => (long)length));
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => model.call(clip)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clip_of_another_precision_is_refused_in_words()
    {
        using var model = new TimeSformerModel(sizes);
        using var clip = zeros(new long[] { 1, 3, 4, 32, 32 }, ScalarType.Float64);
        Assert.Contains("Float64", Assert.Throws<ArgumentException>(() => model.call(clip)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused_by_name()
    {
        Assert.Contains("NumHeads", Assert.Throws<ArgumentException>(() => (sizes with { NumHeads = 5 }).Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("PatchSize", Assert.Throws<ArgumentException>(() => (sizes with { PatchSize = 7 }).Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("Depth", Assert.Throws<ArgumentException>(() => (sizes with { Depth = 0 }).Validate()).Message, StringComparison.Ordinal);
    }
}
