namespace TimeSformer.Tests.Checkpoints;

/// <summary>What Hugging Face's config.json and preprocessor_config.json say is used, refused, or said not to be done.</summary>
public sealed class HuggingFaceFactsTests : CheckpointTests
{
    [Theory]
    [InlineData("""{"image_mean": [0.5, 0.4, 0.3], "image_std": [0.5, 0.25, 0.125]}""", "0.5,0.4,0.3", "0.5,0.25,0.125")]
    [InlineData("""{"image_mean": 0.4, "image_std": 0.2}""", "0.4", "0.2")]
    [InlineData("""{"do_normalize": false}""", "0", "1")]
    [InlineData("""{"image_mean": 0.5, "image_std": 0.5, "rescale_factor": 0.00784313725490196, "offset": true}""", "0.75", "0.25")]
    [InlineData("""{"image_mean": 102, "image_std": 51, "do_rescale": false}""", "0.4", "0.2")]
    public void Colors_are_normalized_as_it_says(string preprocessor, string mean, string std)
    {
        var normalization = Read(preprocessor).Normalization;
        Assert.Equal((mean, std), (ClipNormalization.Text(normalization.Mean), ClipNormalization.Text(normalization.Std)));
    }

    [Theory]
    [InlineData("""{"size": 32}""", 32, null)]
    [InlineData("""{"size": {"shortest_edge": 32}, "crop_size": 32}""", 32, null)]
    [InlineData("""{"size": {"shortest_edge": 40}, "crop_size": {"height": 32, "width": 32}}""", 32, 40)]
    [InlineData("""{"size": {"shortest_edge": 40}, "crop_size": {"height": 40, "width": 40}}""", 40, null)]
    [InlineData("""{}""", 32, null)]
    public void Frames_are_scaled_and_cropped_as_it_says(string preprocessor, int crop, int? shortSide)
    {
        var clip = Read(preprocessor).Clip;
        Assert.Equal((crop, shortSide), (clip.CropSize, clip.ShortSide));
    }

    [Theory]
    [InlineData("""{"size": {"height": 32, "width": 32}}""", "frames that keep their proportions")]
    [InlineData("""{"do_resize": false, "crop_size": 32}""", "scaled frames (its preprocessor_config.json says do_resize false)")]
    [InlineData("""{"do_center_crop": false, "size": 32}""", "a center crop")]
    [InlineData("""{"resample": 3}""", "bilinear scaling")]
    [InlineData("""{"image_mean": 0.4}""", "image_std 0.5 (its preprocessor_config.json says none)")]
    public void What_is_not_done_as_it_says_is_said(string preprocessor, string said) =>
        Assert.Contains(Read(preprocessor).Assumed, assumption => assumption.Fact.Contains(said, StringComparison.Ordinal));

    [Theory]
    [InlineData("""{"size": {"height": 32, "width": 48}}""", "a model here takes square clips")]
    [InlineData("""{"crop_size": {"height": 32, "width": 48}}""", "a model here takes square clips")]
    [InlineData("""{"size": 24, "crop_size": 32}""", "less than its crop of 32")]
    [InlineData("""{"size": 33}""", "ImageSize 33 is not a multiple of PatchSize 8")]
    [InlineData("""{"size": -1}""", "between 1 and")]
    [InlineData("""{"image_mean": [0.5, 0.5]}""", "its image_mean has 2 values")]
    [InlineData("""{"image_std": [0.5, 0, 0.5]}""", "its image_std is 0.5, 0, 0.5")]
    [InlineData("""{"rescale_factor": 0}""", "its rescale_factor is 0")]
    [InlineData("""{"image_std": 1e-30}""", "its image_std is 1E-30; it must be above 0, in the range of its colors")]
    [InlineData("""{"image_mean": 1e300, "rescale_factor": 1e-300}""", "in the range of its colors")]
    [InlineData("""{"size": "big"}""", "not the configuration of an image processor")]
    [InlineData("""{"size": """, "not the configuration of an image processor")]
    [InlineData("""[]""", "not a JSON object")]
    public void What_makes_no_clip_is_refused(string preprocessor, string said) =>
        Assert.Refused<CheckpointException>(said, () => Read(preprocessor));

    [Fact]
    public void Without_it_and_without_a_rate_both_are_assumed()
    {
        var info = Read(null);
        Assert.Equal(["sampling rate 64", "mean 0.45", "std 0.225"], info.Assumed.Select(assumption => assumption.Fact));
    }

    [Theory, InlineData("sampling_rate"), InlineData("frame_sampling_rate")]
    public void The_rate_is_in_config_json_under_either_name(string key) =>
        Assert.Equal(7, Read(null, config => config[key] = 7).SamplingRate);

    [Fact]
    public void Labels_without_a_name_are_said()
    {
        var info = Read(null, config => config["id2label"]!.AsObject().Remove("2"));
        Assert.Equal(["a", "b", "class 2", "d", "e"], info.Classes);
        Assert.Contains("class names that are only numbers", info.Assumed.Select(assumption => assumption.Fact));
    }

    [Theory]
    [InlineData("image_size", 224, "its image_size is 224, but the weights beside it are of a model with 32")]
    [InlineData("attention_type", "space_only", "its attention_type is space_only")]
    [InlineData("num_frames", 96, "its num_frames is 96")]
    public void A_size_that_contradicts_the_weights_is_refused(string key, object value, string said) =>
        Assert.Refused<CheckpointException>(said, () => Read(null, config => config[key] = JsonValue.Create(value)));

    [Fact]
    public void A_name_of_a_class_that_the_weights_lack_is_refused() => Assert.Refused<CheckpointException>(
        "it names class 5, but the weights beside it have 5 classes", () => Read(null, config => config["id2label"]!["5"] = "f"));

    [Theory, InlineData("Hugging Face ViT", "vit"), InlineData("Hugging Face DeiT", "deit")]
    public void An_image_model_is_what_they_say_too(string family, string modelType)
    {
        using var model = Trained(sizes with { Attention = AttentionScheme.SpaceOnly });
        var names = Naming.All.Single(known => known.Name == family);
        folder.Write("a/config.json", $$"""
            {
              "model_type": "{{modelType}}", "num_attention_heads": 3, "layer_norm_eps": 1e-5, "image_size": 32,
              "id2label": {"0": "a", "1": "b", "2": "c", "3": "d", "4": "e"}
            }
            """);
        folder.Write("a/preprocessor_config.json", """{"size": 32, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}""");
        SafeTensors.Write(
            folder.File("a/model.safetensors"), model.state_dict().SelectMany(weight => names.Store(weight.Key, weight.Value)));

        var (read, info) = Checkpoint.LoadModel(folder.File("a"));
        using var held = read;
        Assert.Equal((3, 1e-5), (SizesOf(info).NumHeads, SizesOf(info).LayerNormEps));
        Assert.Equal(["a", "b", "c", "d", "e"], info.Classes);
        Assert.Equal([0.5, 0.5, 0.5], info.Normalization.Mean);
        Assert.Equal(["frames 8", "sampling rate 32"], info.Assumed.Select(assumption => assumption.Fact));
        AssertSameWeights(model.state_dict(), read);
        var (frames, described) = Checkpoint.LoadModel(folder.File("a"), new() { Preset = Preset.Find("vit-b") });
        using var heldToo = frames;
        Assert.Equal(1e-5, Assert.IsType<VisionTransformerConfig>(described.Model).LayerNormEps);
    }

    // A folder as published: without a sampling rate, with or without the processor's configuration.
    private ModelInfo Read(string? preprocessor, Action<JsonObject>? change = null)
    {
        using var model = Trained(sizes);
        var info = new ModelInfo(model.Config, ["a", "b", "c", "d", "e"], SamplingRate: 5);
        CheckpointConverter.Write(folder.File("a"), CheckpointFormat.HuggingFace, model, info);
        var path = folder.File("a/config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config.Remove("frame_sampling_rate");
        change?.Invoke(config);
        File.WriteAllText(path, config.ToJsonString());
        if (preprocessor is null) File.Delete(folder.File("a/preprocessor_config.json"));
        else File.WriteAllText(folder.File("a/preprocessor_config.json"), preprocessor);
        var (read, described) = Checkpoint.LoadModel(folder.File("a"));
        read.Dispose();
        return described;
    }
}
