namespace TimeSformer.Tests.Checkpoints;

/// <summary>Models written in other formats and read again.</summary>
public sealed class CheckpointConverterTests : CheckpointTests
{
    [Theory]
    [InlineData(CheckpointFormat.Official, AttentionScheme.DividedSpaceTime)]
    [InlineData(CheckpointFormat.Official, AttentionScheme.Axial)]
    [InlineData(CheckpointFormat.Official, AttentionScheme.SpaceOnly)]
    [InlineData(CheckpointFormat.HuggingFace, AttentionScheme.DividedSpaceTime)]
    [InlineData(CheckpointFormat.HuggingFace, AttentionScheme.JointSpaceTime)]
    [InlineData(CheckpointFormat.HuggingFace, AttentionScheme.SpaceOnly)]
    public void A_round_trip_keeps_every_bit_and_every_size(CheckpointFormat format, AttentionScheme scheme)
    {
        var (_, info) = Written("native", CheckpointFormat.Native, scheme);
        CheckpointConverter.Convert(folder.File("native"), folder.File("other"), format);
        CheckpointConverter.Convert(folder.File("other"), folder.File("again"), CheckpointFormat.Native);

        Assert.Equal(File.ReadAllBytes(folder.File("native/model.safetensors")), File.ReadAllBytes(folder.File("again/model.safetensors")));
        var (_, back) = Checkpoint.LoadModel(folder.File("again"));
        Assert.Equal(info.Classes, back.Classes);
        Assert.Equal(info.SamplingRate, back.SamplingRate);
        var written = format is CheckpointFormat.Official ? info.Model
            : SizesOf(info) with { WeightStd = SizesOf(back).WeightStd };
        Assert.Equal(written, back.Model);
    }

    [Fact]
    public void An_official_file_has_the_official_names()
    {
        var (model, _) = Written("a.pyth", CheckpointFormat.Official);
        using var file = TorchFile.Open(folder.File("a.pyth"));
        Assert.Equal("model_state", file.Section);
        Assert.Equal(model.state_dict().Keys.Select(name => $"model.{name}"), file.Entries.Keys);
    }

    [Fact]
    public void The_file_of_a_SlowFast_has_PySlowFasts_names()
    {
        using var model = (SlowFastConfig.Small with { NumClasses = 2 }).Create();
        CheckpointConverter.Write(folder.File("a.pyth"), CheckpointFormat.Official, model, new(model.Config, ["left", "right"], 2));
        using var file = TorchFile.Open(folder.File("a.pyth"));
        Assert.Equal(model.state_dict().Keys, file.Entries.Keys);
    }

    [Fact]
    public void A_Hugging_Face_folder_has_its_names_and_sizes()
    {
        Written("a", CheckpointFormat.HuggingFace);
        using var file = SafeTensorsFile.Open(folder.File("a/model.safetensors"));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Contains("timesformer.encoder.layer.1.temporal_attention.attention.qkv.weight", file.Entries.Keys);
        Assert.Contains("timesformer.encoder.layer.0.temporal_dense.bias", file.Entries.Keys);
        Assert.Contains("classifier.weight", file.Entries.Keys);
        var config = JsonNode.Parse(File.ReadAllText(folder.File("a/config.json")))!;
        Assert.Equal(("timesformer", "divided_space_time"), ((string)config["model_type"]!, (string)config["attention_type"]!));
        Assert.Equal(96, (int)config["intermediate_size"]!);
        Assert.Equal("up", (string)config["id2label"]!["1"]!);
        Assert.Equal(1, (int)config["label2id"]!["up"]!);
    }

    [Fact]
    public void A_Hugging_Face_folder_may_have_its_weights_in_a_PyTorch_file()
    {
        var (model, info) = Written("a", CheckpointFormat.HuggingFace);
        using (var file = SafeTensorsFile.Open(folder.File("a/model.safetensors")))
        {
            var tensors = file.ReadAll().ToDictionary(tensor => tensor.Key, tensor => (object?)tensor.Value);
            TorchWriter.Write(folder.File("a/pytorch_model.bin"), tensors);
        }
        File.Delete(folder.File("a/model.safetensors"));
        foreach (var path in new[] { folder.File("a"), folder.File("a/pytorch_model.bin") })
        {
            var (read, described) = Checkpoint.LoadModel(path);
            Assert.Equal(info.Classes, described.Classes);
            AssertSameWeights(model.state_dict(), read);
        }
    }

    [Fact]
    public void A_folder_of_their_Trainer_is_its_last_model_and_without_that_the_one_of_most_steps()
    {
        var (last, info) = Written("a", CheckpointFormat.HuggingFace);
        using var first = Trained(sizes, std: 0.05);
        using var second = Trained(sizes, std: 0.1);
        CheckpointConverter.Write(folder.File("a/checkpoint-500"), CheckpointFormat.HuggingFace, first, info);
        CheckpointConverter.Write(folder.File("a/checkpoint-1000"), CheckpointFormat.HuggingFace, second, info);
        using (var read = Checkpoint.LoadModel(folder.File("a")).Model) AssertSameWeights(last.state_dict(), read);
        File.Delete(folder.File("a/model.safetensors"));
        using (var read = Checkpoint.LoadModel(folder.File("a")).Model) AssertSameWeights(second.state_dict(), read);
    }

    [Theory]
    [InlineData("""{"model_type": "vivit"}""", "its model_type is 'vivit', not 'timesformer'")]
    [InlineData("""{"model_type": "timesformer", "hidden_act": "relu"}""", "its hidden_act is 'relu'")]
    [InlineData("""{"model_type": "timesformer", "num_attention_heads": -3}""", "its num_attention_heads is -3")]
    [InlineData("""{"model_type": "timesformer", "num_attention_heads": 5}""", "EmbedDim 24 is not a multiple of NumHeads 5")]
    [InlineData("""{"model_type": "timesformer", "num_frames": "four"}""", "its num_frames is four; it must be a number")]
    [InlineData("""{"model_type": "timesformer", "id2label": {"one": "a"}}""", "not the configuration of a model here")]
    [InlineData("""{"model_type": """, "not the configuration of a model here")]
    [InlineData("""[]""", "not the configuration of a model here")]
    public void A_wrong_configuration_is_refused_with_its_cause(string json, string said)
    {
        Written("a", CheckpointFormat.HuggingFace);
        File.WriteAllText(folder.File("a/config.json"), json);
        Assert.Refused<CheckpointException>(said, () => Checkpoint.LoadModel(folder.File("a")));
    }

    [Fact]
    public void A_model_without_its_head_is_not_a_whole_model()
    {
        var model = Trained(sizes);
        SafeTensors.Write(folder.File("a"), model.state_dict().Where(weight => !weight.Key.StartsWith("head.")));
        Assert.Refused<CheckpointException>("it has no head.weight", () => Checkpoint.LoadModel(folder.File("a"), new() { NumHeads = 3 }));
        Assert.Equal(2, Pretrained.Load(new TimeSformerModel(sizes), folder.File("a")).Initialized.Count());
    }

    [Fact]
    public void Writing_a_model_twice_makes_equal_files_and_never_overwrites_one()
    {
        var (model, info) = Written("a.pyth", CheckpointFormat.Official);
        Written("b.pyth", CheckpointFormat.Official);
        var bytes = File.ReadAllBytes(folder.File("a.pyth"));
        Assert.Equal(bytes, File.ReadAllBytes(folder.File("b.pyth")));
        var changed = info with { SamplingRate = 6 };
        Assert.Refused<CheckpointException>(
            "already exists", () => CheckpointConverter.Write(folder.File("a.pyth"), CheckpointFormat.Official, model, changed));
        Assert.Equal(bytes, File.ReadAllBytes(folder.File("a.pyth")));
    }

    [Fact]
    public void Other_schemes_cannot_be_written_for_Hugging_Face()
    {
        Assert.Refused<InputException>("no Axial attention", () => Written("a", CheckpointFormat.HuggingFace, AttentionScheme.Axial));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory, Each<AttentionScheme>]
    public void Sizes_are_inferred_from_bare_weights(AttentionScheme scheme)
    {
        var model = new TimeSformerModel(sizes with
        {
            Attention = scheme,
            EmbedDim = 128,
            NumHeads = 2,
            MlpRatio = 2,
            ImageSize = 40,
            QkvBias = false,
        });
        SafeTensors.Write(folder.File("a.safetensors"), model.state_dict());
        var (read, info) = Checkpoint.LoadModel(folder.File("a.safetensors"));
        int frames = SizesOf(info).HasTimeEmbedding ? 4 : 8;
        var expected = (TimeSformerConfig)model.Config with { NumFrames = frames, DropPathRate = 0.1, WeightStd = 0.02 };
        Assert.Equal(expected, info.Model);
        Assert.Equal(Enumerable.Range(0, 5).Select(k => $"class {k}"), info.Classes);
        AssertSameWeights(model.state_dict(), read);
    }

    [Fact]
    public void An_unknown_number_of_heads_is_asked_for()
    {
        using var model = Trained(sizes);
        SafeTensors.Write(folder.File("a.safetensors"), model.state_dict());
        Assert.Refused<CheckpointException>("number of heads", () => Checkpoint.LoadModel(folder.File("a.safetensors")));
        Assert.Equal(3, SizesOf(Checkpoint.LoadModel(folder.File("a.safetensors"), new() { NumHeads = 3 }).Info).NumHeads);
    }

    [Theory]
    [InlineData("\"embed_dim\": 24", "\"embed_dim\": 2400000", "patch_embed.proj.weight has shape (24, 3, 8, 8)")]
    [InlineData("\"depth\": 2", "\"depth\": 1000000", "no blocks.2.attn.qkv.weight")]
    [InlineData("\"mlp_ratio\": 4", "\"mlp_ratio\": 4000000", "mlp.fc1.weight has shape")]
    [InlineData("\"num_frames\": 4", "\"num_frames\": 4000", "time_embed has shape")]
    [InlineData("\"num_frames\": 4", "\"num_frames\": 400000000", "are more than 268435456 numbers")]
    [InlineData("\"image_size\": 32", "\"image_size\": 3200", "pos_embed has shape")]
    [InlineData("\"image_size\": 32", "\"image_size\": 2147483640", "are more than 268435456 numbers")]
    public void Sizes_that_contradict_the_weights_are_refused_before_anything_is_allocated(string said, string claimed, string refusal)
    {
        Written("a", CheckpointFormat.Native);
        var text = File.ReadAllText(folder.File("a/checkpoint.json"));
        Assert.Contains(said, text);
        File.WriteAllText(folder.File("a/checkpoint.json"), text.Replace(said, claimed));
        Assert.Refused<CheckpointException>(refusal, () => Checkpoint.LoadModel(folder.File("a")));
    }

    [Theory]
    [InlineData("pos_embed", new long[] { 1, 1 + (1000 * 1000), 0 })]
    [InlineData("head.weight", new long[] { 1 << 20, 0 })]
    [InlineData("blocks.0.mlp.fc1.weight", new long[] { 1 << 20, 0 })]
    [InlineData("blocks.1.attn.qkv.weight", new long[] { 72, 0 })]
    public void A_weight_without_numbers_tells_no_size(string name, long[] shape)
    {
        using var model = Trained(sizes);
        var weights = model.state_dict();
        weights[name] = zeros(shape);
        SafeTensors.Write(folder.File("a.safetensors"), weights);
        Assert.Refused<CheckpointException>(
            $"its {name} has shape ({string.Join(", ", shape)}); by its description or its other weights, it would be",
            () => Checkpoint.LoadModel(folder.File("a.safetensors"), new() { NumHeads = 3 }));
    }

    private (TimeSformerModel Model, ModelInfo Info) Written(
        string name, CheckpointFormat format, AttentionScheme scheme = AttentionScheme.DividedSpaceTime)
    {
        var model = Trained(sizes with { Attention = scheme, DropPathRate = 0.25 });
        var info = new ModelInfo(model.Config, ["down", "up", "a \"quoted\" ü", "left", "right"], SamplingRate: 5);
        CheckpointConverter.Write(folder.File(name), format, model, info);
        return (model, info);
    }
}
