namespace TimeSformer.Tests.Checkpoints;

/// <summary>What config.json says of a ViViT or a VideoMAE, and what the shapes of weights say without it.</summary>
public sealed class HuggingFaceRivalTests : CheckpointTests
{
    private const string ViViT = "\"model_type\": \"vivit\"", VideoMae = "\"model_type\": \"videomae\"";

    private readonly List<SafeTensorsFile> files = [];

    [Fact]
    public void What_it_does_not_state_is_as_in_the_published_models()
    {
        var vivit = HuggingFaceRival.Parse($"{{{ViViT}}}", "config.json");
        Assert.Equal(ViViTConfig.Base with { NumClasses = 2, DropPathRate = 0 }, vivit.Model);
        var videoMae = HuggingFaceRival.Parse($"{{{VideoMae}}}", "config.json");
        var expected = VideoMaeConfig.Base with { NumClasses = 2, DropPathRate = 0, LayerNormEps = 1e-12, LastNormEps = 1e-5 };
        Assert.Equal(expected, videoMae.Model);
        Assert.Null(videoMae.Pretraining);
        var pretraining = HuggingFaceRival.Parse($"{{{VideoMae}, \"architectures\": [\"VideoMAEForPreTraining\"]}}", "config.json");
        Assert.Equal(new VideoMaePretrainingConfig(expected), pretraining.Pretraining);
    }

    [Fact]
    public void Stated_sizes_and_labels_are_used()
    {
        File.WriteAllText(folder.File("config.json"), $$"""
            {
              {{ViViT}}, "image_size": 64, "num_frames": 12, "tubelet_size": [4, 8, 8], "num_channels": 1, "hidden_size": 48,
              "num_hidden_layers": 3, "num_attention_heads": 6, "intermediate_size": 96, "hidden_act": "gelu", "qkv_bias": false,
              "layer_norm_eps": 1e-12, "hidden_dropout_prob": 0.1, "id2label": {"0": "left", "1": "right", "2": "up"}
            }
            """);
        var config = HuggingFaceRival.Read(folder.File("config.json"));
        Assert.Equal(new ViViTConfig
        {
            NumClasses = 3, NumFrames = 12, ImageSize = 64, InChannels = 1, TubeletFrames = 4, PatchSize = 8, EmbedDim = 48, Depth = 3,
            NumHeads = 6, MlpRatio = 2, QkvBias = false, LayerNormEps = 1e-12, DropRate = 0.1, DropPathRate = 0,
            Activation = Activation.Gelu,
        }, config.Model);
        Assert.Equal("right", config.Labels[1]);
    }

    [Theory]
    [InlineData("\"model_type\": \"timesformer\"", "its model_type is 'timesformer', not vivit or videomae")]
    [InlineData("\"image_size\": 224", "its model_type is ''")]
    [InlineData(ViViT + ", \"hidden_act\": \"relu\"", "its hidden_act is 'relu'")]
    [InlineData(VideoMae + ", \"hidden_act\": \"gelu_fast\"", "its hidden_act is 'gelu_fast', not 'gelu'")]
    [InlineData(ViViT + ", \"tubelet_size\": [2, 16, 8]", "its tubelet_size is 2x16x8")]
    [InlineData(ViViT + ", \"tubelet_size\": [2, 16]", "its tubelet_size is 2x16")]
    [InlineData(ViViT + ", \"tubelet_size\": 2", "not the configuration of a model here")]
    [InlineData(ViViT + ", \"num_hidden_layers\": 1000000000", "its num_hidden_layers is 1000000000; it must be a number between 1 and")]
    [InlineData(ViViT + ", \"image_size\": [224, 224]", "its image_size is [224, 224]")]
    [InlineData(ViViT + ", \"num_frames\": 31", "NumFrames 31 is not a multiple of TubeletFrames 2")]
    [InlineData(VideoMae + ", \"num_attention_heads\": 7", "EmbedDim 768 is not a multiple of NumHeads 7")]
    [InlineData(VideoMae + ", \"qkv_bias\": 1", "not the configuration of a model here")]
    [InlineData(VideoMae + ", \"layer_norm_eps\": 0", "must be positive")]
    [InlineData(VideoMae + ", \"num_labels\": 2, \"id2label\": {\"2\": \"up\"}", "it names class 2, but there are 2 classes")]
    [InlineData(VideoMae + ", \"architectures\": [\"VideoMAEForPreTraining\"], \"norm_pix_loss\": false", "its norm_pix_loss is false")]
    [InlineData(VideoMae + ", \"architectures\": [\"VideoMAEForPreTraining\"], \"decoder_hidden_size\": 100", "the decoder's EmbedDim 100")]
    [InlineData(VideoMae + ", \"image_size\": 16384, \"patch_size\": 1", "16 frames of 16384x16384 patches of width 768 are more than")]
    [InlineData(VideoMae + ", \"image_size\"", "not the configuration of a model here")]
    public void What_is_no_model_here_is_refused(string members, string said)
    {
        var error = Assert.Throws<CheckpointException>(() => HuggingFaceRival.Parse($"{{{members}}}", "config.json"));
        Assert.Contains(said, error.Message);
        Assert.DoesNotContain("config.json: config.json", error.Message);
    }

    public static TheoryData<string> Models => ["joint", "factorized", "VideoMAE", "first token"];

    [Theory, MemberData(nameof(Models))]
    public void Sizes_are_inferred_from_weights(string name)
    {
        TransformerConfig config = name switch
        {
            "joint" => ViViTConfig.Tiny with { NumClasses = 7 },
            "factorized" => ViViTConfig.Tiny with { Encoder = ViViTEncoder.Factorized, NumClasses = 7, TubeletFrames = 4 },
            "VideoMAE" => VideoMaeConfig.Tiny with { NumClasses = 7, MlpRatio = 2 },
            _ => VideoMaeConfig.Tiny with { MeanPooling = false, QkvBias = false },
        };
        ModelFacts given = new() { NumHeads = 4, NumFrames = 8, ImageSize = 32 };
        var inferred = (TransformerConfig)TubeletWeights.Infer(Written(config), given);
        // What no shape tells.
        inferred = inferred with { WeightStd = config.WeightStd, DropPathRate = config.DropPathRate };
        if (config is ViViTConfig vivit)
        {
            inferred = (ViViTConfig)inferred with { EmbeddingStd = vivit.EmbeddingStd, Activation = vivit.Activation };
            if (name == "joint") inferred = (ViViTConfig)inferred with { TemporalDepth = vivit.TemporalDepth };
        }
        Assert.Equal(config, inferred);
    }

    [Fact]
    public void Without_more_heads_are_64_wide_and_frames_224_pixels()
    {
        var weights = Written(ViViTConfig.Tiny with { ImageSize = 224, PatchSize = 32, NumFrames = 6 });
        var inferred = (ViViTConfig)TubeletWeights.Infer(weights, new());
        Assert.Equal((224, 6, 1), (inferred.ImageSize, inferred.NumFrames, inferred.NumHeads));
    }

    [Fact]
    public void Embeddings_that_could_be_of_several_clips_need_the_number_of_frames()
    {
        var weights = Written(ViViTConfig.Tiny);
        Assert.Refused<CheckpointException>("pass --frames N", () => TubeletWeights.Infer(weights, new()));
        Assert.Refused<CheckpointException>("pass --frames N", () => TubeletWeights.Infer(weights, new() { NumFrames = 6 }));
    }

    [Fact]
    public void Weights_that_are_no_whole_model_are_refused()
    {
        using var pretraining = new VideoMaePretraining(VideoMaePretrainingConfig.Tiny);
        var weights = Written(pretraining);
        Assert.True(TubeletWeights.Are(weights));
        Assert.Refused<CheckpointException>("it has no head.weight, so it is not", () => TubeletWeights.Infer(weights, new()));
        Assert.False(TubeletWeights.Are(Written(VisionTransformerConfig.Tiny)));
    }

    [Theory]
    [InlineData("head.weight", new long[0], "its head.weight has too few dimensions")]
    [InlineData("blocks.0.mlp.fc1.weight", new long[0], "its blocks.0.mlp.fc1.weight has too few dimensions")]
    [InlineData("head.weight", new long[] { 400, 0 }, "its head.weight has shape (400, 0)")]
    [InlineData("patch_embed.proj.weight", new long[] { 64, 3, 2, 0, 0 }, "not a convolution with tubelets of square patches")]
    [InlineData("patch_embed.proj.weight", new long[] { 64, 3, 0, 8, 8 }, "not a convolution with tubelets of square patches")]
    public void Weights_of_impossible_shapes_are_refused(string name, long[] shape, string said)
    {
        using var model = ViViTConfig.Tiny.Create();
        var state = model.state_dict();
        state[name] = zeros(shape);
        Assert.Refused<CheckpointException>(said, () => TubeletWeights.Infer(Written(state), new() { NumFrames = 8 }));
    }

    public override void Dispose()
    {
        files.ForEach(file => file.Dispose());
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    private NamedWeights Written(VideoModelConfig config)
    {
        using var model = config.Create();
        return Written(model);
    }

    private NamedWeights Written(nn.Module model) => Written(model.state_dict());

    private NamedWeights Written(Dictionary<string, Tensor> state)
    {
        var path = folder.File($"{Guid.NewGuid():N}");
        SafeTensors.Write(path, state);
        files.Add(SafeTensorsFile.Open(path));
        return NamedWeights.Of(files[^1]);
    }
}
