namespace TimeSformer.Tests.Checkpoints;

/// <summary>ViViT and VideoMAE in the naming of each publisher start the same models.</summary>
public sealed class RivalNamingTests : CheckpointTests
{
    private static readonly VideoMaePretrainingConfig pretrainingSizes = VideoMaePretrainingConfig.Tiny;

    private static readonly (string Ours, string Theirs)[] layers =
    [
        (".norm1.", ".layernorm_before."), (".norm2.", ".layernorm_after."), (".attn.proj.", ".attention.output.dense."),
        (".attn.qkv.", ".attention.attention."), (".mlp.fc1.", ".intermediate.dense."), (".mlp.fc2.", ".output.dense."),
    ];

    [Fact]
    public void Names_of_this_library()
    {
        var weights = State(new VideoMaePretraining(pretrainingSizes));
        AssertSame(weights, "VideoMAE", weights);
    }

    [Theory, InlineData("", ""), InlineData("", "encoder."), InlineData("module.", "")]
    public void Names_of_VideoMAEs_authors_without_a_bias_of_keys(string prefix, string encoder)
    {
        using var pretraining = new VideoMaePretraining(pretrainingSizes);
        using var classifier = new VideoMae(pretrainingSizes.Encoder);
        var weights = State(encoder.Length > 0 ? pretraining : classifier);
        AssertSame(weights, "VideoMAE", WithoutKeyBias(weights, "attn.q_bias", "attn.v_bias").ToDictionary(
            weight => prefix + (weight.Key.Split('.')[0] is "patch_embed" or "blocks" or "norm" ? encoder : "") + weight.Key,
            weight => weight.Value));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Names_of_Hugging_Faces_VideoMAE(bool pretraining)
    {
        var weights = State(pretraining
            ? new VideoMaePretraining(pretrainingSizes)
            : new VideoMae(pretrainingSizes.Encoder with { MeanPooling = false }));
        AssertSame(weights, "Hugging Face VideoMAE", HuggingFace(weights, "videomae."));
    }

    [Fact]
    public void Names_of_Hugging_Faces_ViViT()
    {
        var weights = State(new ViViT(ViViTConfig.Tiny));
        AssertSame(weights, "Hugging Face ViViT", HuggingFace(weights, "vivit."));
    }

    [Fact]
    public void Names_of_the_factorized_ViViT_and_of_the_image_ViT()
    {
        var factorized = State(new FactorizedViViT(ViViTConfig.Tiny with { Encoder = ViViTEncoder.Factorized }));
        AssertSame(factorized, "official", factorized);
        var image = State(new VisionTransformer(VisionTransformerConfig.Tiny));
        AssertSame(image, "official", image);
    }

    [Fact]
    public void A_checkpoint_gives_back_the_same_model()
    {
        VideoModelConfig[] configs =
        [
            ViViTConfig.Tiny, ViViTConfig.Tiny with { Encoder = ViViTEncoder.Factorized, Activation = Activation.TanhGelu },
            VideoMaeConfig.Tiny with { LastNormEps = 1e-5 }, VideoMaeConfig.Tiny with { MeanPooling = false }, VisionTransformerConfig.Tiny,
        ];
        foreach (var (index, config) in configs.Index())
        {
            using var model = (config with { NumClasses = 2 }).Create();
            var info = new ModelInfo(model.Config, ["left", "right"], SamplingRate: 3);
            CheckpointConverter.Write(folder.File($"{index}"), CheckpointFormat.Native, model, info);
            var (read, described) = Checkpoint.LoadModel(folder.File($"{index}"));
            using var held = read;
            Assert.Equal(model.Config, described.Model);
            Assert.Equal(model.GetType(), read.GetType());
            var expected = model.state_dict();
            Assert.All(read.state_dict(), weight => Assert.True(expected[weight.Key].Equals(weight.Value), weight.Key));
        }
    }

    [Fact]
    public void A_classifier_starts_from_a_file_of_pretraining()
    {
        SafeTensors.Write(folder.File("a"), State(new VideoMaePretraining(pretrainingSizes)));
        using var classifier = new VideoMae(pretrainingSizes.Encoder);
        var report = Pretrained.Load(classifier, folder.File("a"));
        Assert.Equal(2 + (4 * 12), report.Matched.Count());
        Assert.Equal(["fc_norm.weight", "fc_norm.bias", "head.weight", "head.bias"], report.Initialized.Select(weight => weight.Name));
        Assert.Equal(
            ["decoder", "encoder_to_decoder", "mask_token", "norm"],
            report.Unexpected.Select(weight => weight.Name.Split('.')[0]).Distinct().Order());
    }

    [Fact]
    public void A_folder_of_pretraining_is_no_classifier_but_tells_ones_sizes()
    {
        folder.Write("a/config.json", """
            {
              "model_type": "videomae", "architectures": ["VideoMAEForPreTraining"], "image_size": 32, "num_frames": 8, "patch_size": 8,
              "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 256, "decoder_hidden_size": 32,
              "decoder_num_hidden_layers": 2, "decoder_num_attention_heads": 2, "decoder_intermediate_size": 128
            }
            """);
        var weights = State(new VideoMaePretraining(pretrainingSizes));
        SafeTensors.Write(folder.File("a/model.safetensors"), HuggingFace(weights, "videomae."));
        Assert.Refused<CheckpointException>(
            "it is a pre-training's, which knows no classes", () => Checkpoint.LoadModel(folder.File("a")));
        Assert.Equal(64, Assert.IsType<VideoMaeConfig>(Checkpoint.Describe(folder.File("a")).Model).EmbedDim);
    }

    [Fact]
    public void A_folder_without_a_head_tells_sizes_but_is_no_classifier()
    {
        folder.Write("a/config.json", """
            {
              "model_type": "videomae", "architectures": ["VideoMAEModel"], "image_size": 32, "num_frames": 8, "patch_size": 8,
              "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 256
            }
            """);
        var weights = State(new VideoMae(pretrainingSizes.Encoder));
        foreach (var name in weights.Keys.Where(name => name.StartsWith("head", StringComparison.Ordinal)).ToList()) weights.Remove(name);
        SafeTensors.Write(folder.File("a/model.safetensors"), HuggingFace(weights, "videomae."));
        Assert.Equal(64, Assert.IsType<VideoMaeConfig>(Checkpoint.Describe(folder.File("a")).Model).EmbedDim);
        Assert.Refused<CheckpointException>("head", () => Checkpoint.LoadModel(folder.File("a")));
    }

    [Theory]
    [InlineData("hidden_size", "its patch_embed.proj.weight has shape (64, 3, 2, 8, 8)")]
    [InlineData("intermediate_size", "its blocks.0.mlp.fc1.weight has shape (256, 64)")]
    [InlineData("num_hidden_layers", "it has no blocks.4.attn.qkv.weight")]
    [InlineData("num_labels", "its head.weight has shape (400, 64)")]
    public void Sizes_in_a_folder_that_its_weights_do_not_have_are_refused(string key, string said)
    {
        JsonObject config = new()
        {
            ["model_type"] = "videomae", ["image_size"] = 32, ["num_frames"] = 8, ["patch_size"] = 8, ["hidden_size"] = 64,
            ["num_hidden_layers"] = 4, ["num_attention_heads"] = 4, ["intermediate_size"] = 256, ["num_labels"] = 400,
        };
        config[key] = 16_384;
        folder.Write("a/config.json", config.ToJsonString());
        SafeTensors.Write(folder.File("a/model.safetensors"), HuggingFace(State(new VideoMae(pretrainingSizes.Encoder)), "videomae."));
        Assert.Refused<CheckpointException>(said, () => Checkpoint.Describe(folder.File("a")));
    }

    [Fact]
    public void Of_two_kinds_of_biases_the_whole_one_is_taken_and_the_other_is_left()
    {
        var weights = State(new VideoMae(pretrainingSizes.Encoder));
        var both = new Dictionary<string, Tensor>(weights);
        foreach (var (name, weight) in WithoutKeyBias(weights, "attn.q_bias", "attn.v_bias")) both.TryAdd(name, weight);
        SafeTensors.Write(folder.File("a"), both);
        using var file = SafeTensorsFile.Open(folder.File("a"));
        var named = NamedWeights.Of(file);
        Assert.Equal(both.Keys.Except(weights.Keys).Order(), named.Unexpected.Order());
        Assert.True(named.Read("blocks.0.attn.qkv.bias").Equals(weights["blocks.0.attn.qkv.bias"]));
    }

    // Arnab et al. 2021, section 3.4.
    [Fact]
    public void An_image_models_weights_start_the_factorized_encoder_at_the_second_frame_of_each_tubelet()
    {
        using var image = new VisionTransformer(VisionTransformerConfig.Tiny);
        SafeTensors.Write(folder.File("a"), State(image));
        using var video = new FactorizedViViT(ViViTConfig.Tiny with { Encoder = ViViTEncoder.Factorized });
        var report = Pretrained.Load(video, folder.File("a"));
        Assert.Equal(["patch_embed.proj.weight"], report.Resized.Select(weight => weight.Name));
        Assert.All(report.Initialized, weight => Assert.Matches("^(temporal_|time_embed)", weight.Name));
        image.eval();
        video.eval();
        var clip = randn(new long[] { 1, 3, 8, 32, 32 });
        var second = clip.index_select(2, tensor(new[] { 1L, 3L, 5L, 7L }));
        Assert.True(Tokens(video, clip).allclose(Tokens(image, second), rtol: 1e-3, atol: 1e-4));

        static Tensor Tokens(TransformerModel model, Tensor x)
        {
            var (tokens, grid) = model.Embed(x);
            return TransformerModel.Run(model.Blocks, tokens, grid);
        }
    }

    [Theory, InlineData(32), InlineData(64)]
    public void An_image_models_embeddings_are_repeated_for_each_moment_of_the_joint_encoder(int imageSize)
    {
        var weights = State(new VisionTransformer(VisionTransformerConfig.Tiny with { ImageSize = imageSize }));
        SafeTensors.Write(folder.File("a"), weights);
        using var video = new ViViT(ViViTConfig.Tiny);
        var report = Pretrained.Load(video, folder.File("a"));
        Assert.Equal(["pos_embed", "patch_embed.proj.weight"], report.Resized.Select(weight => weight.Name));
        var moments = video.state_dict()["pos_embed"][0, 1..].view(4, 16, 64);
        Assert.True(moments[3].allclose(moments[0], atol: 1e-6));
        if (imageSize == 32) Assert.True(moments[1].allclose(weights["pos_embed"][0, 1..], atol: 1e-6));
    }

    [Theory, InlineData(4, 32), InlineData(8, 64)]
    public void Embeddings_of_clips_of_another_length_or_size_are_resized(int frames, int imageSize)
    {
        var weights = State(new ViViT(ViViTConfig.Tiny with { NumFrames = frames, ImageSize = imageSize }));
        var numbers = cat([full(1, 5), arange(weights["pos_embed"].shape[1] - 1, ScalarType.Float32)]);
        weights["pos_embed"] = numbers.view(1, -1, 1).expand(1, -1, 64).contiguous();
        SafeTensors.Write(folder.File("a"), weights);
        using var video = new ViViT(ViViTConfig.Tiny);
        Assert.Equal(["pos_embed"], Pretrained.Load(video, folder.File("a")).Resized.Select(weight => weight.Name));
        var moments = video.state_dict()["pos_embed"][0, 1.., 0].view(4, 16).mean([1L]);
        Assert.Equal(5, video.state_dict()["pos_embed"][0, 0, 0].Number());
        Assert.All(moments.diff().data<float>(), step => Assert.True(step > 0));
    }

    // Weights as after training, under the library's names; the keys' bias is zero.
    private static Dictionary<string, Tensor> State(nn.Module model)
    {
        manual_seed(9);
        var state = model.state_dict();
        foreach (var (name, weight) in state)
        {
            weight.normal_(0, 0.2);
            if (name.EndsWith("attn.qkv.bias")) weight.chunk(3)[1].zero_();
        }
        return state;
    }

    private static Dictionary<string, Tensor> WithoutKeyBias(Dictionary<string, Tensor> weights, string queries, string values)
    {
        Dictionary<string, Tensor> tensors = [];
        foreach (var (name, weight) in weights)
        {
            if (!name.EndsWith("attn.qkv.bias")) tensors[name] = weight;
            else
            {
                var parts = weight.chunk(3);
                tensors[name.Replace("attn.qkv.bias", queries)] = parts[0];
                tensors[name.Replace("attn.qkv.bias", values)] = parts[2];
            }
        }
        return tensors;
    }

    private static Dictionary<string, Tensor> HuggingFace(Dictionary<string, Tensor> weights, string stem)
    {
        Dictionary<string, Tensor> tensors = [];
        bool keyBias = stem == "vivit.";
        var named = keyBias ? weights : WithoutKeyBias(weights, "attn.qkv.q_bias", "attn.qkv.v_bias");
        foreach (var (name, weight) in named)
        {
            var theirs = layers.Aggregate(name, (text, layer) => text.Replace(layer.Ours, layer.Theirs));
            theirs = theirs.Split('.') switch
            {
                ["cls_token"] => $"{stem}embeddings.cls_token",
                ["pos_embed"] => $"{stem}embeddings.position_embeddings",
                ["patch_embed", _, var kind] => $"{stem}embeddings.patch_embeddings.projection.{kind}",
                ["blocks", ..] => $"{stem}encoder.layer{theirs["blocks".Length..]}",
                ["decoder", "blocks", ..] => theirs.Replace("decoder.blocks", "decoder.decoder_layers"),
                ["norm", var kind] => $"{stem}layernorm.{kind}",
                ["head", var kind] => $"classifier.{kind}",
                _ => theirs,
            };
            bool isWhole = !name.Contains("attn.qkv") || name.EndsWith("q_bias") || name.EndsWith("v_bias");
            if (isWhole) tensors[theirs] = weight;
            else
            {
                var kind = theirs.Split('.')[^1];
                foreach (var (part, values) in new[] { "query", "key", "value" }.Zip(weight.chunk(3)))
                {
                    tensors[$"{theirs[..^kind.Length]}{part}.{kind}"] = values;
                }
            }
        }
        return tensors;
    }

    private void AssertSame(Dictionary<string, Tensor> expected, string family, Dictionary<string, Tensor> tensors)
    {
        SafeTensors.Write(folder.File("a"), tensors);
        using var file = SafeTensorsFile.Open(folder.File("a"));
        var weights = NamedWeights.Of(file);
        Assert.Equal(family, weights.Family.Name);
        Assert.Empty(weights.Unexpected);
        Assert.Equal(expected.Keys.Order(), weights.Names.Order());
        foreach (var (name, weight) in expected) Assert.True(weights.Read(name).Equals(weight), name);
    }
}
