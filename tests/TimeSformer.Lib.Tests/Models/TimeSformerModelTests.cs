namespace TimeSformer.Tests.Models;

public sealed class TimeSformerModelTests : TensorTests
{
    private static readonly TimeSformerConfig sizes =
        TimeSformerConfig.Tiny with { NumClasses = 5, EmbedDim = 24, Depth = 2, NumHeads = 3, NumFrames = 4, EmbeddingStd = null };

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
    public void The_state_dict_has_the_official_names()
    {
        using var model = new TimeSformerModel(sizes with { Depth = 1 });
        string[] block =
        [
            "norm1", "attn.qkv", "attn.proj", "temporal_norm1", "temporal_attn.qkv", "temporal_attn.proj", "temporal_fc",
            "norm2", "mlp.fc1", "mlp.fc2",
        ];
        var layers = block.Select(name => $"blocks.0.{name}").Concat(["patch_embed.proj", "norm", "head"]);
        var weights = layers.SelectMany(name => new[] { $"{name}.weight", $"{name}.bias" });
        Assert.Equal(weights.Concat(["cls_token", "pos_embed", "time_embed"]).Order(), model.state_dict().Keys.Order());
    }

    [Fact]
    public void Space_only_has_no_time_embedding_and_no_temporal_weights()
    {
        using var model = new TimeSformerModel(sizes with { Attention = AttentionScheme.SpaceOnly });
        Assert.All(model.state_dict().Keys, name => Assert.DoesNotMatch("time|temporal", name));
    }

    [Theory]
    [InlineData(1, 4, 32, 32)]
    [InlineData(3, 4, 32, 32)]
    [InlineData(2, 1, 32, 32)]
    [InlineData(2, 9, 48, 24)]
    public void Logits_have_a_row_per_clip_for_any_frame_count_and_size(long batch, long frames, long height, long width)
    {
        foreach (var scheme in Enum.GetValues<AttentionScheme>())
        {
            using var model = new TimeSformerModel(sizes with { Attention = scheme });
            model.eval();
            Assert.Equal([batch, 5], model.call(randn(new long[] { batch, 3, frames, height, width })).shape);
        }
    }

    // The temporal_fc and the time embedding of an untrained model are zero, so frames exchange nothing but their average; the frames of
    // a space-only model do so whatever its weights.
    [Theory]
    [InlineData(AttentionScheme.DividedSpaceTime, 0.0, 1e-4, true)]
    [InlineData(AttentionScheme.DividedSpaceTime, 0.2, 1e-3, false)]
    [InlineData(AttentionScheme.SpaceOnly, 0.1, 1e-4, true)]
    public void Only_temporal_weights_tell_a_clip_from_its_reverse(AttentionScheme scheme, double std, double tolerance, bool blind)
    {
        manual_seed(3);
        using var model = new TimeSformerModel(sizes with { Attention = scheme });
        if (std > 0)
        {
            foreach (var parameter in model.parameters()) parameter.normal_(0, std);
        }
        model.eval();
        var clip = randn(new long[] { 2, 3, 4, 32, 32 });
        Assert.Equal(blind, model.call(clip).allclose(model.call(clip.flip(2)), rtol: tolerance, atol: tolerance / 10));
    }

    [Theory]
    [InlineData(null, new[] { "pos_embed", "time_embed" })]
    [InlineData(PositionalEmbedding.SpaceTime, new[] { "pos_embed", "time_embed" })]
    [InlineData(PositionalEmbedding.Space, new[] { "pos_embed" })]
    [InlineData(PositionalEmbedding.None, new string[0])]
    public void Positional_embeddings_can_be_left_out_of_every_scheme(PositionalEmbedding? embedding, string[] names)
    {
        foreach (var scheme in Enum.GetValues<AttentionScheme>())
        {
            using var model = new TimeSformerModel(sizes with { Attention = scheme, PositionalEmbedding = embedding });
            var expected = embedding is null && scheme is AttentionScheme.SpaceOnly ? ["pos_embed"] : names;
            Assert.Equal(expected, model.state_dict().Keys.Where(name => name.EndsWith("_embed")).Order());
            Assert.Equal([1, 5], model.call(randn(new long[] { 1, 3, 6, 24, 32 })).shape);
        }
    }

    [Theory]
    [InlineData(PositionalEmbedding.None, true, true)]
    [InlineData(PositionalEmbedding.Space, true, false)]
    [InlineData(PositionalEmbedding.SpaceTime, false, false)]
    public void Joint_attention_sees_order_and_position_only_through_embeddings(
        PositionalEmbedding embedding, bool blindToTime, bool blindToSpace)
    {
        manual_seed(4);
        using var model = new TimeSformerModel(sizes with { Attention = AttentionScheme.JointSpaceTime, PositionalEmbedding = embedding });
        foreach (var parameter in model.parameters()) parameter.normal_(0, 0.5);
        model.eval();
        var clip = randn(new long[] { 2, 3, 4, 32, 32 });
        var logits = model.call(clip);
        Assert.Equal(blindToTime, logits.allclose(model.call(clip.flip(2)), rtol: 1e-3, atol: 1e-4));
        // The halves of the picture swap places; the patches themselves stay the same.
        Assert.Equal(blindToSpace, logits.allclose(model.call(clip.roll([16L], [4L])), rtol: 1e-3, atol: 1e-4));
    }

    [Fact]
    public void Embeddings_are_resized_by_nearest_or_bicubic_interpolation()
    {
        manual_seed(5);
        var clip = randn(new long[] { 1, 3, 6, 48, 40 });
        using var nearest = new TimeSformerModel(sizes with { EmbeddingStd = 0.5 });
        using var bicubic = new TimeSformerModel(sizes with { EmbeddingInterpolation = InterpolationMode.Bicubic });
        bicubic.load_state_dict(nearest.state_dict());
        nearest.eval();
        bicubic.eval();
        Assert.False(nearest.call(clip).allclose(bicubic.call(clip), rtol: 1e-3, atol: 1e-4));
        var asTrained = randn(new long[] { 1, 3, 4, 32, 32 });
        Assert.True(nearest.call(asTrained).allclose(bicubic.call(asTrained)));
    }

    [Fact]
    public void A_forward_and_backward_pass_leaves_no_tensor_but_the_gradients()
    {
        using var _ = enable_grad();
        using var model = new TimeSformerModel(sizes);
        var clip = randn(new long[] { 2, 3, 4, 32, 32 });
        long before = LiveTensors.Settled();
        using (NewDisposeScope()) model.call(clip).sum().backward();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData("5 dimensions", 2, 3, 32, 32)]
    [InlineData("channels", 2, 1, 4, 32, 32)]
    [InlineData("patches of 8x8", 2, 3, 4, 30, 32)]
    [InlineData("no pixels", 0, 3, 4, 32, 32)]
    public void A_clip_of_the_wrong_shape_is_refused(string said, params int[] shape)
    {
        using var model = new TimeSformerModel(sizes);
        var clip = zeros(Array.ConvertAll(shape, length => (long)length));
        Assert.Refused<ArgumentException>(said, () => model.call(clip));
    }

    [Fact]
    public void A_clip_of_another_dtype_is_refused()
    {
        using var model = new TimeSformerModel(sizes);
        Assert.Refused<ArgumentException>("Float64", () => model.call(zeros(new long[] { 1, 3, 4, 32, 32 }, ScalarType.Float64)));
    }

    [Fact]
    public void Sizes_that_do_not_fit_together_are_refused_by_name()
    {
        Assert.Refused<InputException>("NumHeads", (sizes with { NumHeads = 5 }).Validate);
        Assert.Refused<InputException>("PatchSize", (sizes with { PatchSize = 7 }).Validate);
        Assert.Refused<InputException>("Depth", (sizes with { Depth = 0 }).Validate);
    }
}
