namespace TimeSformer.Tests.Models;

/// <summary>What ViViT, VideoMAE and the image ViT on frames have in common, and what each promises by itself.</summary>
public sealed class RivalTests : TensorTests
{
    private static readonly Dictionary<string, TransformerConfig> tiny = new()
    {
        ["joint ViViT"] = ViViTConfig.Tiny with { NumClasses = 5 },
        ["factorized ViViT"] = ViViTConfig.Tiny with { NumClasses = 5, Encoder = ViViTEncoder.Factorized },
        ["VideoMAE"] = VideoMaeConfig.Tiny with { NumClasses = 5 },
        ["VideoMAE of the first token"] = VideoMaeConfig.Tiny with { NumClasses = 5, MeanPooling = false },
        ["image ViT"] = VisionTransformerConfig.Tiny with { NumClasses = 5 },
    };

    public static TheoryData<string> Names => [.. tiny.Keys];

    public static TheoryData<string> TubeletNames => [.. tiny.Keys.Where(name => name != "image ViT")];

    [Theory, MemberData(nameof(Names))]
    public void Logits_have_one_row_per_clip_for_other_numbers_of_frames_and_sizes_too(string name)
    {
        using var model = tiny[name].Create();
        model.eval();
        Assert.Equal([2, 5], model.call(randn(new long[] { 2, 3, 8, 32, 32 })).shape);
        Assert.Equal([1, 5], model.call(randn(new long[] { 1, 3, 4, 48, 40 })).shape);
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_weight_but_the_keys_bias_learns(string name)
    {
        using var _ = enable_grad();
        manual_seed(1);
        using var model = tiny[name].Create();
        nn.functional.cross_entropy(model.call(randn(new long[] { 2, 3, 8, 32, 32 })), tensor(new[] { 1L, 3L })).backward();
        foreach (var (parameter, weight) in model.named_parameters())
        {
            Assert.True(weight.grad!.abs().max().Number() > 1e-7, parameter);
            if (!parameter.EndsWith("attn.qkv.bias")) continue;
            var parts = weight.grad!.chunk(3);
            Assert.True(parts[1].abs().max().Number() < 1e-3 * parts[2].abs().max().Number(), parameter);
        }
    }

    [Fact]
    public void The_small_sizes_train_on_clips_of_112_pixels()
    {
        using var _ = enable_grad();
        VideoModelConfig[] configs =
        [
            ViViTConfig.Small, ViViTConfig.Small with { Encoder = ViViTEncoder.Factorized }, VideoMaeConfig.Small,
            VisionTransformerConfig.Small,
        ];
        Assert.All(configs, config =>
        {
            using var scope = NewDisposeScope();
            manual_seed(6);
            using var model = config.Create();
            using var optimizer = new AdamW(model.parameters(), 1e-3);
            var (clips, label) = (randn(new long[] { 1, 3, 8, 112, 112 }), tensor(new[] { 7L }));
            double[] losses = [Step(), Step(), Step()];
            Assert.True(losses[2] < 0.8 * losses[0], string.Join(", ", losses));

            double Step()
            {
                var loss = nn.functional.cross_entropy(model.call(clips), label);
                model.zero_grad();
                loss.backward();
                optimizer.step();
                return loss.Number();
            }
        });
    }

    [Theory, MemberData(nameof(Names))]
    public void A_forward_and_backward_pass_leaves_no_tensor_but_the_gradients(string name)
    {
        using var _ = enable_grad();
        using var model = tiny[name].Create();
        var clips = randn(new long[] { 1, 3, 8, 32, 32 });
        long before = LiveTensors.Settled();
        using (NewDisposeScope()) model.call(clips).sum().backward();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory, MemberData(nameof(TubeletNames))]
    public void Clips_that_do_not_divide_into_tubelets_are_refused(string name)
    {
        using var model = tiny[name].Create();
        Assert.Refused<ArgumentException>(
            "clips of 7 frames do not divide into tubelets of 2", () => model.call(zeros(new long[] { 1, 3, 7, 32, 32 })));
    }

    [Theory, MemberData(nameof(Names))]
    public void Clips_of_another_shape_or_type_are_refused(string name)
    {
        using var model = tiny[name].Create();
        Assert.Refused<ArgumentException>("5 dimensions", () => model.call(zeros(new long[] { 3, 8, 32, 32 })));
        Assert.Refused<ArgumentException>("channels", () => model.call(zeros(new long[] { 1, 1, 8, 32, 32 })));
        Assert.Refused<ArgumentException>("patches of 8x8", () => model.call(zeros(new long[] { 1, 3, 8, 30, 32 })));
        Assert.Refused<ArgumentException>("Float64", () => model.call(zeros(new long[] { 1, 3, 8, 32, 32 }, ScalarType.Float64)));
    }

    [Theory, MemberData(nameof(Names))]
    public void The_sizes_are_those_of_the_weights(string name)
    {
        using var model = tiny[name].Create();
        var state = model.state_dict();
        Assert.All(tiny[name].WeightSizes, size => Assert.Equal(size.Shape, state[size.Weight].shape));
    }

    [Fact]
    public void Sizes_that_do_not_fit_together_are_refused_by_name()
    {
        Assert.Refused<InputException>("NumFrames 7 is not a multiple", (ViViTConfig.Tiny with { NumFrames = 7 }).Validate);
        Assert.Refused<InputException>("TubeletFrames", (VideoMaeConfig.Tiny with { TubeletFrames = 0 }).Validate);
        Assert.Refused<InputException>("NumHeads", (VideoMaeConfig.Tiny with { NumHeads = 5 }).Validate);
        Assert.Refused<InputException>("LastNormEps", (VideoMaeConfig.Tiny with { LastNormEps = 0 }).Validate);
        Assert.Refused<InputException>("EmbeddingStd", (ViViTConfig.Tiny with { EmbeddingStd = 0 }).Validate);
        Assert.Refused<InputException>("PatchSize", (VisionTransformerConfig.Tiny with { PatchSize = 7 }).Validate);
        Assert.Refused<InputException>("the decoder's EmbedDim 32", (VideoMaePretrainingConfig.Tiny with { DecoderHeads = 5 }).Validate);
        Assert.Refused<InputException>("hides 0 of 16 places", (VideoMaePretrainingConfig.Tiny with { MaskRatio = 0.05 }).Validate);
    }

    [Theory]
    [InlineData("ViViT-B/16x2, model 1", 88.9e6)]        // Arnab et al. 2021, table 2
    [InlineData("ViViT-B/16x2, model 2", 115.1e6)]       // the same
    [InlineData("VideoMAE, ViT-B", 87e6)]                // Tong et al. 2022, comparison on Kinetics-400
    [InlineData("ViT-B/16", 86.57e6)]                    // timm's vit_base_patch16_224, 1000 classes
    public void Parameters_are_as_many_as_published(string name, double published)
    {
        VideoModelConfig config = name switch
        {
            "ViViT-B/16x2, model 1" => ViViTConfig.Base,
            "ViViT-B/16x2, model 2" => ViViTConfig.Base with { Encoder = ViViTEncoder.Factorized },
            "VideoMAE, ViT-B" => VideoMaeConfig.Base,
            _ => VisionTransformerConfig.Base with { NumClasses = 1000 },
        };
        using var model = config.Create(initialize: false);
        Assert.InRange(model.parameters().Sum(parameter => parameter.numel()), 0.993 * published, 1.007 * published);
    }

    [Fact]
    public void On_one_frame_the_image_ViT_is_a_TimeSformer_with_attention_in_space_alone()
    {
        manual_seed(2);
        using var image = new VisionTransformer(VisionTransformerConfig.Tiny);
        foreach (var parameter in image.parameters()) parameter.normal_(0, 0.2);
        using var video = new TimeSformerModel(TimeSformerConfig.Tiny with { Attention = AttentionScheme.SpaceOnly });
        video.load_state_dict(image.state_dict());
        image.eval();
        video.eval();
        var frame = randn(new long[] { 2, 3, 1, 32, 32 });
        Assert.True(image.call(frame).allclose(video.call(frame), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void The_image_ViTs_scores_are_the_mean_of_the_frames_scores()
    {
        manual_seed(3);
        using var model = new VisionTransformer(VisionTransformerConfig.Tiny);
        model.eval();
        var clips = randn(new long[] { 2, 3, 5, 32, 32 });
        var scores = clips.split(1, 2).Select(frame => model.call(frame)).ToArray();
        Assert.True(model.call(clips).allclose(stack(scores).mean([0L]), rtol: 1e-4, atol: 1e-5));
        Assert.False(scores[0].allclose(scores[1], rtol: 1e-2, atol: 1e-3));
    }

    [Fact]
    public void In_space_the_factorized_encoder_sees_one_moment_at_a_time()
    {
        manual_seed(4);
        using var model = new FactorizedViViT(ViViTConfig.Tiny with { Encoder = ViViTEncoder.Factorized });
        model.eval();
        var clip = randn(new long[] { 1, 3, 8, 32, 32 });
        var changed = cat([clip[.., .., ..6], randn(new long[] { 1, 3, 2, 32, 32 })], 2);
        var (before, after) = (InSpace(clip), InSpace(changed));                              // (4, 17, D)
        Assert.True(before[..3].allclose(after[..3], rtol: 1e-4, atol: 1e-5));
        Assert.False(before[3].allclose(after[3], rtol: 1e-2, atol: 1e-3));
        Assert.False(model.call(clip).allclose(model.call(changed), rtol: 1e-3, atol: 1e-4));

        Tensor InSpace(Tensor x)
        {
            var (tokens, grid) = model.Embed(x);
            return TransformerModel.Run(model.Blocks, tokens, grid);
        }
    }

    // The halves of a still change places, or two moments of a clip do.
    [Theory]
    [InlineData("joint ViViT")]
    [InlineData("factorized ViViT")]
    [InlineData("VideoMAE")]
    public void Place_and_moment_matter(string name)
    {
        manual_seed(5);
        using var model = tiny[name].Create();
        model.eval();
        var clip = randn(new long[] { 1, 3, 8, 32, 32 });
        var logits = model.call(clip);
        Assert.False(logits.allclose(model.call(clip.roll([16L], [4L])), rtol: 1e-3, atol: 1e-4));
        Assert.False(logits.allclose(model.call(clip.roll([2L], [2L])), rtol: 1e-3, atol: 1e-4));
    }

    [Fact]
    public void The_factorized_encoders_layers_rise_from_space_to_time_to_the_head()
    {
        using var model = new FactorizedViViT(ViViTConfig.Tiny with { Encoder = ViViTEncoder.Factorized });
        string[] names =
        [
            "pos_embed", "blocks.0.norm1.weight", "blocks.3.mlp.fc2.bias", "time_embed", "temporal_blocks.0.attn.qkv.weight",
            "temporal_blocks.1.norm1.weight", "temporal_norm.weight", "head.weight",
        ];
        Assert.Equal([0, 1, 4, 5, 5, 6, 7, 7], names.Select(model.LayerOf));
    }

    [Fact]
    public void Embeddings_of_clips_are_resized_in_space_and_in_time_and_the_class_token_keeps_its_own()
    {
        var places = arange(4, ScalarType.Float32).view(4, 1, 1).expand(4, 9, 2).reshape(1, 36, 2);
        var embeddings = cat([full(new long[] { 1, 1, 2 }, 7), places], 1);
        var resized = PositionEmbeddings.SpaceTime(embeddings, 4, new TokenGrid(1, 2, 4, 5), before: 1);
        Assert.Equal([1, 1 + (2 * 20), 2], resized.shape);
        Assert.Equal(7, resized[0, 0, 0].Number());
        // Nothing changes within a moment, and the two new ones lie between the four old ones, 0 to 3.
        var moments = resized[0, 1.., 0].view(2, 20);
        Assert.True(moments.allclose(tensor(new[] { 0.5f, 2.5f }).unsqueeze(1), atol: 1e-4));
    }
}
