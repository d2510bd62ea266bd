using System.Text;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>What is known of a model comes from its file and the files beside it; what nobody says is assumed and said.</summary>
public sealed class ModelFactsTests : CheckpointTests
{
    private static readonly ClipNormalization imageNet = new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
    private static readonly string[] names = ["a", "b", "c", "d", "e"];

    [Theory, InlineData("model.safetensors"), InlineData("best.safetensors")]
    public void Bare_weights_are_described_by_the_checkpoint_json_beside_them(string name)
    {
        var info = Written("a", CheckpointFormat.Native, info => info with { Normalization = imageNet, ShortSide = 40 });
        if (name != "model.safetensors") File.Move(folder.File("a/model.safetensors"), folder.File($"a/{name}"));
        var read = Info($"a/{name}");
        Assert.Equal((info.Model, 5, imageNet, 40), (read.Model, read.SamplingRate, read.Normalization, read.ShortSide));
        Assert.Equal(names, read.Classes);
        Assert.Empty(read.Assumed);
        Assert.Equal(imageNet, read.Clip.Normalization);
    }

    [Fact]
    public void Weights_of_another_model_are_not_described_by_it()
    {
        Written("a", CheckpointFormat.Native);
        using var other = Trained(sizes with { Depth = 1, NumHeads = 2 });
        SafeTensors.Write(folder.File("a/other.safetensors"), other.state_dict());
        var read = Info("a/other.safetensors", new() { NumHeads = 2 });
        Assert.Equal((1, 2), (SizesOf(read).Depth, SizesOf(read).NumHeads));
        Assert.Equal("class 0", read.Classes[0]);
    }

    [Fact]
    public void The_usual_normalization_is_not_written_so_that_earlier_versions_read_the_file()
    {
        Written("a", CheckpointFormat.Native);
        var text = File.ReadAllText(folder.File("a/checkpoint.json"));
        Assert.DoesNotContain("normalization", text);
        Assert.DoesNotContain("short_side", text);
        Assert.Equal(ClipNormalization.Default, Info("a").Normalization);
    }

    [Theory]
    [InlineData("\"mean\": [0.5, 0.5], \"std\": [0.5]", "the mean has 2 values")]
    [InlineData("\"mean\": [0.5], \"std\": [0]", "it must be above 0")]
    public void A_wrong_normalization_is_refused(string members, string said)
    {
        Written("a", CheckpointFormat.Native);
        var path = folder.File("a/checkpoint.json");
        File.WriteAllText(path, $"{File.ReadAllText(path).TrimEnd()[..^1]}, \"normalization\": {{{members}}}}}");
        Assert.Refused<CheckpointException>(said, () => Info("a"));
    }

    [Theory, InlineData(@"\ud800"), InlineData("\u00ff")]
    public void Text_that_is_no_text_is_refused(string name)
    {
        Written("a", CheckpointFormat.Native);
        var path = folder.File("a/checkpoint.json");
        // Half of a character, escaped, or a byte that is not UTF-8.
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(File.ReadAllText(path).Replace("\"model\": {", $"\"model\": {{\"{name}\": 1,")));
        Assert.Refused<CheckpointException>("checkpoint.json: ", () => Info("a"));
    }

    [Theory, InlineData(CheckpointFormat.Native), InlineData(CheckpointFormat.Official), InlineData(CheckpointFormat.HuggingFace)]
    public void Every_format_keeps_rate_normalization_and_short_side(CheckpointFormat format)
    {
        Written("a", format, info => info with { SamplingRate = 0, Normalization = imageNet, ShortSide = 40 });
        var read = Info("a");
        Assert.Equal((0, 40), (read.SamplingRate, read.ShortSide));
        Assert.Equal(imageNet.Mean, read.Normalization.Mean);
        Assert.Equal(imageNet.Std, read.Normalization.Std);
        Assert.Empty(read.Assumed);
    }

    [Fact]
    public void An_official_file_says_rate_and_colors_in_its_cfg()
    {
        var read = Official("""
            DATA:
              NUM_FRAMES: 4
              SAMPLING_RATE: 16
              TRAIN_CROP_SIZE: 32
              TEST_CROP_SIZE: 40
              MEAN: [0.485, 0.456, 0.406]
              STD: [0.229, 0.224, 0.225]
            MODEL: {NUM_CLASSES: 5, MODEL_NAME: vit_base_patch16_224}
            TIMESFORMER: {ATTENTION_TYPE: divided_space_time}
            TRAIN: {DATASET: kinetics}
            """);
        Assert.Equal((16, 40, imageNet), (read.SamplingRate, read.Model.ImageSize, read.Normalization));
        Assert.Equal(["class names that are only numbers"], Facts(read));
    }

    [Theory]
    [InlineData("TRAIN: {DATASET: ssv2}")]
    [InlineData("TEST: {DATASET: Ssv2}")]
    public void Clips_of_Something_Something_cover_the_video_whatever_the_rate(string dataset) =>
        Assert.Equal(0, Official($"DATA: {{SAMPLING_RATE: 8}}\n{dataset}\n").SamplingRate);

    [Theory]
    [InlineData("DATA: [unclosed", "it is not YAML")]
    [InlineData("just words", "it is not YAML")]
    [InlineData("...\na", "it is not YAML")]
    [InlineData("a: {{{{{{{{{{{{{{{{{{{{x: 1}}}}}}}}}}}}}}}}}}}}", "it is not YAML")]
    [InlineData("DATA: {NUM_FRAMES: 16}", "DATA.NUM_FRAMES 4 as in its weights (its cfg says 16)")]
    [InlineData("DATA: {TRAIN_CROP_SIZE: 224, TEST_CROP_SIZE: 256}", "DATA.TRAIN_CROP_SIZE 32 as in its weights (its cfg says 224)")]
    [InlineData("DATA: {SAMPLING_RATE: fast}", "DATA.SAMPLING_RATE (it is not a number")]
    [InlineData("DATA: {STD: [0, 0, 0]}", "DATA.STD (it is not one number or three")]
    [InlineData("TIMESFORMER: {ATTENTION_TYPE: space_only}", "divided_space_time as in its weights (its cfg says space_only)")]
    public void A_cfg_that_is_broken_or_contradicts_the_weights_is_an_assumption_said(string cfg, string said)
    {
        var read = Official(cfg);
        Assert.Contains(Facts(read), fact => fact.Contains(said, StringComparison.Ordinal));
        Assert.Equal((64, 4, 32), (read.SamplingRate, read.Model.NumFrames, read.Model.ImageSize));
    }

    [Fact]
    public void Deep_nesting_in_a_cfg_does_no_harm() => Assert.Contains(
        "nothing of its cfg (it is not YAML)", Facts(Official($"a: {new string('[', 200_000)}")));

    [Fact]
    public void What_nobody_says_is_assumed_and_each_assumption_names_its_option()
    {
        using var model = Trained(sizes with { EmbedDim = 64, NumHeads = 1 });
        SafeTensors.Write(folder.File("a.safetensors"), model.state_dict());
        var read = Info("a.safetensors");
        Assert.Equal(["heads 1", "sampling rate 64", "mean 0.45", "std 0.225", "class names that are only numbers"], Facts(read));
        Assert.Equal(["--heads", "--sampling-rate", "--mean", "--std", "--labels"], read.Assumed.Select(assumption => assumption.Option));
        ModelFacts given = new() { NumHeads = 2, SamplingRate = 3, Mean = [0.5], Std = [0.25] };
        read = Info("a.safetensors", given);
        Assert.Equal((2, 3, new ClipNormalization([0.5], [0.25])), (SizesOf(read).NumHeads, read.SamplingRate, read.Normalization));
        Assert.Equal(["class names that are only numbers"], Facts(read));
    }

    [Fact]
    public void What_the_caller_says_goes_before_what_the_file_says_and_embeddings_are_resized()
    {
        Written("a", CheckpointFormat.Native, info => info with { ShortSide = 40 });
        var (model, info) = Checkpoint.LoadModel(folder.File("a"), new() { NumFrames = 8, ImageSize = 64, SamplingRate = 2, Mean = [0.5] });
        using var owned = model;
        Assert.Equal((8, 64, 2, 0.5, 0.225), (
            info.Model.NumFrames, info.Model.ImageSize, info.SamplingRate, info.Normalization.Mean[2], info.Normalization.Std[0]));
        Assert.Null(info.ShortSide);
        var weights = model.state_dict();
        Assert.Equal([1, 8, 24], weights["time_embed"].shape);
        Assert.Equal([1, 65, 24], weights["pos_embed"].shape);
        // As the model of four frames does by itself for eight.
        using var original = Checkpoint.LoadModel(folder.File("a")).Model;
        var clip = randn(new long[] { 1, 3, 8, 64, 64 });
        Assert.True(original.call(clip).allclose(model.call(clip)));
    }

    [Theory]
    [InlineData("head.bias", float.NaN), InlineData("blocks.1.mlp.fc1.weight", float.PositiveInfinity)]
    public void A_weight_that_is_not_finite_is_an_error_that_names_it(string name, float value)
    {
        using var model = Trained(sizes);
        var weights = model.state_dict();
        weights[name].flatten()[1..3] = tensor(value);
        SafeTensors.Write(folder.File("a.safetensors"), weights);
        var said = $"its {name} has 2 of {weights[name].numel()} values that are not finite";
        Assert.Refused<CheckpointException>(said, () => Info("a.safetensors", new() { NumHeads = 3 }));
        Assert.Refused<CheckpointException>(said, () => Pretrained.Load(new TimeSformerModel(sizes), folder.File("a.safetensors")));
    }

    private static IEnumerable<string> Facts(ModelInfo info) => info.Assumed.Select(assumption => assumption.Fact);

    private ModelInfo Info(string name, ModelFacts? given = null)
    {
        var (model, info) = Checkpoint.LoadModel(folder.File(name), given);
        model.Dispose();
        return info;
    }

    private ModelInfo Written(string name, CheckpointFormat format, Func<ModelInfo, ModelInfo>? change = null)
    {
        using var model = Trained(sizes);
        var info = new ModelInfo(model.Config, names, SamplingRate: 5);
        if (change is not null) info = change(info);
        CheckpointConverter.Write(folder.File(name), format, model, info);
        return info;
    }

    // A file as the official code writes it, of a model with three heads.
    private ModelInfo Official(string cfg)
    {
        using var model = Trained(sizes);
        var weights = model.state_dict().ToDictionary(weight => $"model.{weight.Key}", weight => (object?)weight.Value);
        TorchWriter.Write(folder.File("official.pyth"), new Dictionary<string, object?> { ["model_state"] = weights, ["cfg"] = cfg });
        return Info("official.pyth", new() { NumHeads = 3 });
    }
}
