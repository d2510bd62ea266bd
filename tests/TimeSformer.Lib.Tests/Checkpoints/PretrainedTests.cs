namespace TimeSformer.Tests.Checkpoints;

/// <summary>Models started from pretrained weights of other sizes and schemes.</summary>
public sealed class PretrainedTests : CheckpointTests
{
    [Theory]
    [InlineData(AttentionScheme.DividedSpaceTime, new[] { "temporal" })]
    [InlineData(AttentionScheme.SparseLocalGlobal, new[] { "local" })]
    [InlineData(AttentionScheme.Axial, new[] { "temporal", "width" })]
    public void Further_attention_starts_as_a_copy_of_spatial_attention_that_contributes_nothing(AttentionScheme scheme, string[] steps)
    {
        var (_, path) = Written(AttentionScheme.SpaceOnly);
        var (model, report) = Loaded(path, sizes with { Attention = scheme });
        var weights = model.state_dict();
        foreach (var step in steps)
        {
            foreach (var kind in new[] { "weight", "bias" })
            {
                Assert.True(weights[$"blocks.1.attn.qkv.{kind}"].Equals(weights[$"blocks.1.{step}_attn.qkv.{kind}"]));
                Assert.True(weights[$"blocks.1.attn.proj.{kind}"].Equals(weights[$"blocks.1.{step}_attn.proj.{kind}"]));
                Assert.True(weights[$"blocks.1.norm1.{kind}"].Equals(weights[$"blocks.1.{step}_norm1.{kind}"]));
                Assert.Equal(0, weights[$"blocks.1.{step}_fc.{kind}"].abs().max().item<float>());
            }
            var details = report.Initialized.ToDictionary(weight => weight.Name, weight => weight.Detail);
            Assert.Equal("copied from blocks.0.attn.qkv.weight", details[$"blocks.0.{step}_attn.qkv.weight"]);
            Assert.Equal("zero", details[$"blocks.0.{step}_fc.bias"]);
        }
        Assert.Equal("left as it was", report.Initialized.Single(weight => weight.Name == "time_embed").Detail);
    }

    [Theory, Each<AttentionScheme>]
    public void A_video_model_keeps_its_own_attention(AttentionScheme scheme)
    {
        var (source, path) = Written(scheme);
        var (model, report) = Loaded(path, sizes with { Attention = scheme });
        Assert.Equal(report.Weights, report.Matched);
        AssertSameWeights(source.state_dict(), model);
    }

    [Theory]
    [InlineData(AttentionScheme.SpaceOnly)]
    [InlineData(AttentionScheme.JointSpaceTime)]
    [InlineData(AttentionScheme.DividedSpaceTime)]
    public void For_a_single_frame_the_video_model_computes_what_the_image_model_computes(AttentionScheme scheme)
    {
        var (image, path) = Written(AttentionScheme.SpaceOnly);
        var (video, _) = Loaded(path, sizes with { Attention = scheme });
        image.eval();
        video.eval();
        var clip = randn(new long[] { 2, 3, 1, 32, 32 });
        Assert.True(image.call(clip).allclose(video.call(clip), rtol: 1e-5, atol: 1e-5));
        if (scheme is not AttentionScheme.DividedSpaceTime) return;
        // For a still picture too: each frame is processed alone, and the average of equal class tokens is the same.
        Assert.True(image.call(clip).allclose(video.call(clip.expand(2, 3, 4, 32, 32)), rtol: 1e-5, atol: 1e-5));
    }

    [Fact]
    public void A_head_of_another_number_of_classes_is_left_as_it_was()
    {
        var (_, path) = Written(AttentionScheme.JointSpaceTime);
        var model = new TimeSformerModel(sizes with { Attention = AttentionScheme.JointSpaceTime, NumClasses = 7 });
        var before = model.state_dict()["head.weight"].clone();
        var report = Pretrained.Load(model, path);
        Assert.True(before.Equals(model.state_dict()["head.weight"]));
        Assert.Equal(["head.weight", "head.bias"], report.Initialized.Select(weight => weight.Name));
        Assert.All(report.Initialized, weight => Assert.Equal("left as it was: the file has 5 classes", weight.Detail));
    }

    [Fact]
    public void A_patch_embedding_sums_over_colors_for_gray_clips_and_repeats_for_more_channels()
    {
        var (source, path) = Written(AttentionScheme.SpaceOnly);
        using var held = source;
        var color = source.state_dict()["patch_embed.proj.weight"];                             // (D, 3, P, P)
        using var gray = Loaded(path, sizes with { InChannels = 1 }).Model;
        Assert.True(color.sum([1L], keepdim: true).allclose(gray.state_dict()["patch_embed.proj.weight"]));
        var (model, report) = Loaded(path, sizes with { InChannels = 5 });
        using var heldToo = model;
        var five = model.state_dict()["patch_embed.proj.weight"];
        Assert.True(cat([color, color[.., ..2]], 1).mul(3.0 / 5).allclose(five));
        Assert.Equal("from (24, 3, 8, 8)", report.Resized.Single().Detail);
    }

    [Fact]
    public void A_linear_patch_embedding_becomes_a_convolution()
    {
        const string name = "patch_embed.proj.weight";
        var (source, path) = Written(AttentionScheme.SpaceOnly, weights => weights[name] = weights[name].flatten(1));
        using var held = source;
        using var loaded = Loaded(path, sizes).Model;
        Assert.True(source.state_dict()[name].Equals(loaded.state_dict()[name]));
    }

    [Theory, InlineData(EmbeddingResize.Bicubic), InlineData(EmbeddingResize.Nearest)]
    public void Embeddings_resized_in_two_dimensions_keep_the_picture(EmbeddingResize resize)
    {
        // Each patch holds its row and column, so that a resized embedding shows where its values come from.
        var (model, report) = Loaded(Grid(4), sizes with { ImageSize = 64, NumFrames = 8 }, resize);
        var resized = model.state_dict()["pos_embed"][0, 1..].view(8, 8, 24);
        for (int row = 0; row < 8; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                Assert.Equal((row - 0.5) / 2, resized[row, column, 0].item<float>(), 0.75);
                Assert.Equal((column - 0.5) / 2, resized[row, column, 1].item<float>(), 0.75);
            }
        }
        Assert.Equal($"from (1, 17, 24), {resize}", report.Resized.Single(weight => weight.Name == "pos_embed").Detail);
        Assert.Equal($"from (1, 4, 24), {resize}", report.Resized.Single(weight => weight.Name == "time_embed").Detail);
    }

    [Fact]
    public void The_official_resizing_of_the_sequence_shears_the_picture()
    {
        var (model, _) = Loaded(Grid(4), sizes with { ImageSize = 40 }, EmbeddingResize.OfficialSequence);
        var resized = model.state_dict()["pos_embed"][0, 1..];                                   // (25, D)
        for (int place = 0; place < 25; place++)
        {
            int from = place * 16 / 25;
            Assert.Equal(from / 4, resized[place, 0].item<float>());
            Assert.Equal(from % 4, resized[place, 1].item<float>());
        }
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        var (source, path) = Written(AttentionScheme.DividedSpaceTime, weights =>
        {
            foreach (var name in weights.Keys) weights[name] = weights[name].to_type(ScalarType.BFloat16);
        });
        var (model, report) = Loaded(path, sizes);
        Assert.Equal(report.Weights, report.Matched);
        AssertSameWeights(source.state_dict().ToDictionary(
            weight => weight.Key, weight => weight.Value.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32)), model);
    }

    [Fact]
    public void A_file_of_another_width_or_depth_is_refused()
    {
        var (_, path) = Written(AttentionScheme.DividedSpaceTime);
        Assert.Refused<CheckpointException>(
            "its cls_token has shape (1, 1, 24), the model's is (1, 1, 48)", () => Loaded(path, sizes with { EmbedDim = 48 }));
        Assert.Refused<CheckpointException>("it has no blocks.2.", () => Loaded(path, sizes with { Depth = 3 }));
        Assert.Refused<CheckpointException>(
            "its patch_embed.proj.weight has shape (24, 3, 8, 8), the model's is (24, 3, 16, 16)",
            () => Loaded(path, sizes with { PatchSize = 16 }));
    }

    [Theory]
    [InlineData("pos_embed", new long[] { 2, 17, 24 })]
    [InlineData("pos_embed", new long[] { 1, 19, 24 })]
    [InlineData("time_embed", new long[] { 3, 4, 24 })]
    public void Embeddings_of_no_clips_are_refused_with_their_file(string name, long[] shape)
    {
        var (_, path) = Written(AttentionScheme.DividedSpaceTime, weights => weights[name] = randn(shape));
        var message = Assert.Refused<CheckpointException>(
            $"its {name} has shape ({string.Join(", ", shape)}), the model's is", () => Loaded(path, sizes));
        Assert.StartsWith(path, message);
    }

    [Fact]
    public void The_report_is_a_table_of_the_weights_that_were_not_simply_copied()
    {
        var (_, path) = Written(AttentionScheme.SpaceOnly, weights => weights["fc_norm.weight"] = ones(24));
        var (_, report) = Loaded(path, sizes with { Depth = 1, NumClasses = 7, ImageSize = 40 });
        var lines = report.ToString().TrimEnd().Split('\n');
        Assert.Equal("weights.safetensors: official names; 17 matched, 1 resized, 11 initialized, 13 unexpected", lines[0]);
        Assert.Contains("  resized      pos_embed                           1x26x24  from (1, 17, 24), Bicubic", lines);
        Assert.Contains("  initialized  blocks.0.temporal_fc.bias           24       zero", lines);
        Assert.Contains("  unexpected   blocks.1.attn.qkv.weight            72x24", lines);
        Assert.Contains("  unexpected   fc_norm.weight                      24", lines);
    }

    [Fact]
    public void A_folder_with_a_checkpoint_is_loaded_too()
    {
        var model = new TimeSformerModel(sizes);
        CheckpointConverter.Write(folder.File("run"), CheckpointFormat.Native, model, new(sizes, ["a", "b", "c", "d", "e"], 2));
        Assert.Equal(model.state_dict().Count, Pretrained.Load(new TimeSformerModel(sizes), folder.File("run")).Matched.Count());
        Assert.Refused<CheckpointException>("no checkpoint here", () => Pretrained.Load(model, folder.Path));
    }

    [SkippableTheory]
    [InlineData("official_convert_vit_divided", true)]
    [InlineData("official_convert_timesformer", false)]
    public void The_official_loader_makes_the_same_model(string name, bool fromImage)
    {
        using var file = SafeTensorsFile.Open(Shared.Require("reference", "more", name + ".safetensors"));
        var source = file.Entries.Keys.Where(key => key.StartsWith("src."))
            .ToDictionary(key => $"model.{key[4..]}", key => (object?)file.Read(key));
        TorchWriter.Write(folder.File("src.pyth"), new Dictionary<string, object?> { ["model_state"] = source });
        var config = sizes with { EmbedDim = 48, NumHeads = 4, NumClasses = 7 };
        var (model, report) = Loaded(folder.File("src.pyth"), config, EmbeddingResize.OfficialSequence);
        Assert.Equal(fromImage, report.Initialized.Any());
        foreach (var (key, weight) in model.state_dict())
        {
            if (fromImage && key.StartsWith("head.")) continue;
            // The official model starts with zero what the file does not have.
            Assert.True(file.Read($"dst.{key}").Equals(weight), key);
        }
    }

    private (TimeSformerModel Model, string Path) Written(AttentionScheme scheme, Action<Dictionary<string, Tensor>>? change = null)
    {
        var model = Trained(sizes with { Attention = scheme });
        var weights = new Dictionary<string, Tensor>(model.state_dict());
        change?.Invoke(weights);
        SafeTensors.Write(folder.File("weights.safetensors"), weights);
        return (model, folder.File("weights.safetensors"));
    }

    // Embeddings of a square grid: the first two numbers of each patch are its row and column.
    private string Grid(int side) => Written(AttentionScheme.DividedSpaceTime, weights =>
    {
        var places = zeros(1, 1 + (side * side), 24);
        for (int place = 0; place < side * side; place++)
        {
            places[0, 1 + place, 0] = tensor((float)(place / side));
            places[0, 1 + place, 1] = tensor((float)(place % side));
        }
        weights["pos_embed"] = places;
    }).Path;

    private static (TimeSformerModel Model, LoadReport Report) Loaded(
        string path, TimeSformerConfig config, EmbeddingResize resize = EmbeddingResize.Bicubic)
    {
        var model = new TimeSformerModel(config);
        return (model, Pretrained.Load(model, path, resize));
    }
}
