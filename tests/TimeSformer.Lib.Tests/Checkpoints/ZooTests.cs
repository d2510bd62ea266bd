using System.Text.Json;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>Weights of all models of the zoo: own checkpoints, and files as their publishers write them.</summary>
public sealed class ZooTests : CheckpointTests
{
    public static TheoryData<string> SmallPresets =>
        [.. Preset.All.Select(preset => preset.Name).Where(name => name.Contains("tiny") || name.Contains("small"))];

    [Theory, MemberData(nameof(SmallPresets))]
    public void A_checkpoint_gives_the_model_back_that_was_saved(string preset)
    {
        var model = Made(preset);
        var info = new ModelInfo(model.Config, ["a", "b", "c"], SamplingRate: 5) { ShortSide = 200 };
        CheckpointConverter.Write(folder.File("a"), CheckpointFormat.Native, model, info);
        var (read, described) = Checkpoint.LoadModel(folder.File("a"));
        Assert.Equal(model.Config, described.Model);
        Assert.Equal((info.SamplingRate, info.ShortSide), (described.SamplingRate, described.ShortSide));
        Assert.Equal(info.Classes, described.Classes);
        AssertSameWeights(model.state_dict(), read);
        Assert.Equal(Logits(model), Logits(read));
    }

    [Theory, MemberData(nameof(SmallPresets))]
    public void A_description_of_other_sizes_than_the_weights_is_refused(string preset)
    {
        var model = Made(preset);
        CheckpointConverter.Write(folder.File("a"), CheckpointFormat.Native, model, new(model.Config, ["a", "b", "c"], 5));
        var path = folder.File("a/checkpoint.json");
        var text = File.ReadAllText(path);
        foreach (var key in new[] { "embed_dim", "width", "num_classes" }.Where(key => text.Contains($"\"{key}\"")))
        {
            File.WriteAllText(path, System.Text.RegularExpressions.Regex.Replace(text, $"\"{key}\": \\d+", $"\"{key}\": 1200000"));
            Assert.Throws<CheckpointException>(() => Checkpoint.LoadModel(folder.File("a")));
        }
    }

    [Theory]
    [InlineData("i3d-small", 8)]
    [InlineData("slowfast-small", 2)]
    public void A_file_of_PySlowFast_is_a_model_with_the_clips_of_its_kind(string preset, int rate)
    {
        var model = Made(preset);
        // As its checkpoints are: under model_state, and without what batch norms count.
        var weights = model.state_dict().Where(weight => !weight.Key.EndsWith("num_batches_tracked"))
            .Select(weight => KeyValuePair.Create(weight.Key, (object?)weight.Value));
        TorchWriter.Write(folder.File("a.pyth"), new OrderedDictionary<string, object?>(
            [new("model_state", new OrderedDictionary<string, object?>(weights))]));
        var (read, info) = Checkpoint.LoadModel(
            folder.File("a.pyth"), new() { NumFrames = model.Config.NumFrames, ImageSize = model.Config.ImageSize });
        Assert.Equal(model.Config.GetType(), read.Config.GetType());
        Assert.Equal(rate, info.SamplingRate);
        if (preset == "i3d-small") Assert.Equal(Logits(model), Logits(read));
        AssertSameWeights(model.state_dict(), read);
    }

    [Theory, InlineData("i3d-small"), InlineData("slowfast-small")]
    public void PySlowFasts_cfg_says_the_clips_and_which_frames_are_slow(string preset)
    {
        var model = Made(preset);
        var weights = model.state_dict().Select(weight => KeyValuePair.Create(weight.Key, (object?)weight.Value));
        TorchWriter.Write(folder.File("a.pyth"), new OrderedDictionary<string, object?>(
        [
            new("model_state", new OrderedDictionary<string, object?>(weights)),
            new("cfg", """
                DATA:
                  NUM_FRAMES: 8
                  SAMPLING_RATE: 3
                  TRAIN_CROP_SIZE: 112
                  TEST_CROP_SIZE: 128
                  MEAN: [0.5, 0.4, 0.3]
                  STD: [0.25, 0.25, 0.25]
                MODEL: {NUM_CLASSES: 3}
                SLOWFAST: {ALPHA: 4}
                """),
        ]));
        var (read, info) = Checkpoint.LoadModel(folder.File("a.pyth"));
        Assert.Equal(model.Config, info.Model);
        Assert.Equal((3, 128), (info.SamplingRate, info.ShortSide));
        Assert.Equal([0.5, 0.4, 0.3], info.Normalization.Mean);
        Assert.Equal(["class names that are only numbers"], info.Assumed.Select(assumption => assumption.Fact));
        Assert.Equal(Logits(model), Logits(read));
    }

    [Fact]
    public void A_description_of_more_blocks_than_the_weights_is_refused_at_the_first_that_is_missing()
    {
        var model = Made("i3d-small");
        CheckpointConverter.Write(folder.File("a"), CheckpointFormat.Native, model, new(model.Config, ["a", "b", "c"], 5));
        // The weights of the last block that is claimed are there.
        SafeTensors.Write(folder.File("a/model.safetensors"), model.state_dict()
            .Select(weight => KeyValuePair.Create(weight.Key.Replace("s4.pathway0_res1.", "s4.pathway0_res99."), weight.Value)));
        var path = folder.File("a/checkpoint.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"res4\": 2", "\"res4\": 100"));
        Assert.Refused<CheckpointException>(
            "it has no s4.pathway0_res1.branch2.b.weight", () => Checkpoint.LoadModel(folder.File("a")));
    }

    [Fact]
    public void Image_weights_are_a_ViT_per_frame_if_the_caller_says_so_and_a_TimeSformer_of_space_otherwise()
    {
        var model = new VisionTransformer(VisionTransformerConfig.Tiny with { NumClasses = 3, EmbedDim = 64, NumHeads = 1 });
        model.eval();
        SafeTensors.Write(folder.File("vit.safetensors"), model.state_dict());
        var (former, _) = Checkpoint.LoadModel(folder.File("vit.safetensors"));
        Assert.Equal(AttentionScheme.SpaceOnly, ((TimeSformerConfig)former.Config).Attention);
        var (frames, info) = Checkpoint.LoadModel(
            folder.File("vit.safetensors"),
            new() { Preset = Preset.Find("vit-b"), Classes = new Dictionary<int, string> { [1] = "café" } });
        Assert.IsType<VisionTransformer>(frames);
        Assert.Equal(["class 0", "café", "class 2"], info.Classes);
        Assert.Equal(0.485, info.Normalization.Mean[0]);
        Assert.Equal(Logits(model), Logits(frames));
    }

    [SkippableTheory]
    [InlineData("hf_vivit", "vivit", 2, 256)]
    [InlineData("hf_videomae_cls_meanpool", "videomae", 4, null)]
    [InlineData("hf_videomae_cls_first", "videomae", 4, null)]
    public void A_folder_of_Hugging_Face_gives_their_logits_and_the_clips_of_their_processor(
        string name, string modelType, int rate, int? shortSide)
    {
        using var reference = SafeTensorsFile.Open(Shared.Require("reference", "more", name + ".safetensors"));
        var config = JsonDocument.Parse(reference.Metadata["config"]).RootElement.EnumerateObject()
            .ToDictionary(member => member.Name, member => (object)member.Value);
        config["model_type"] = modelType;
        Directory.CreateDirectory(folder.File("hf"));
        File.WriteAllText(folder.File("hf/config.json"), JsonSerializer.Serialize(config));
        const string prefix = "param.";
        var names = reference.Entries.Keys.Where(key => key.StartsWith(prefix)).ToList();
        SafeTensors.Write(
            folder.File("hf/model.safetensors"), names.Select(key => KeyValuePair.Create(key[prefix.Length..], reference.Read(key))));

        var (model, info) = Checkpoint.LoadModel(folder.File("hf"));
        Assert.Equal((rate, shortSide), (info.SamplingRate, info.ShortSide));
        var logits = model.call(reference.Read("pixel_values").transpose(1, 2));
        Assert.True(logits.allclose(reference.Read("logits"), rtol: 1e-4, atol: 1e-4));

        // What a processor says goes before what is usual.
        File.WriteAllText(folder.File("hf/preprocessor_config.json"), $$"""
            {"size": {"shortest_edge": {{info.Model.ImageSize}}}, "crop_size": {"height": {{info.Model.ImageSize}}, "width":
            {{info.Model.ImageSize}}}, "image_mean": [0.25, 0.5, 0.75], "image_std": [0.5, 0.5, 0.5], "resample": 2}
            """);
        var (_, processed) = Checkpoint.LoadModel(folder.File("hf"));
        Assert.Equal([0.25, 0.5, 0.75], processed.Normalization.Mean);
        Assert.Null(processed.ShortSide);
    }

    // With running statistics as after training.
    private static VideoModel Made(string preset)
    {
        manual_seed(3);
        var model = (Preset.Find(preset)!.Model with { NumClasses = 3 }).Create();
        foreach (var (_, buffer) in model.named_buffers())
        {
            if (buffer.is_floating_point()) buffer.uniform_(0.5, 1.5);
        }
        model.eval();
        return model;
    }

    private static float[] Logits(VideoModel model)
    {
        manual_seed(4);
        var config = model.Config;
        var clip = randn([1L, config.InChannels, config.NumFrames, config.ImageSize, config.ImageSize]);
        return model.call(clip).data<float>().ToArray();
    }
}
