namespace TimeSformer.Tests.Checkpoints;

/// <summary>ViViT and VideoMAE in the folders that Hugging Face's transformers read.</summary>
public sealed class HuggingFaceWriterTests : CheckpointTests
{
    public static TheoryData<string> Models => ["ViViT", "ViViT of the published kind", "VideoMAE", "first token", "without biases"];

    [Theory, MemberData(nameof(Models))]
    public void A_model_read_again_says_the_same(string name)
    {
        TransformerConfig sizes = name switch
        {
            "ViViT" => ViViTConfig.Tiny with { TubeletFrames = 4, MlpRatio = 2 },
            "ViViT of the published kind" => ViViTConfig.Tiny with { Activation = Activation.TanhGelu, LayerNormEps = 1e-12 },
            "VideoMAE" => VideoMaeConfig.Tiny with { LastNormEps = 1e-5 },
            "first token" => VideoMaeConfig.Tiny with { MeanPooling = false, DropRate = 0.1, LastNormEps = 1e-5 },
            _ => VideoMaeConfig.Tiny with { QkvBias = false, LastNormEps = 1e-5 },
        };
        using var model = (sizes with { NumClasses = 3 }).Create();
        model.eval();
        var info = new ModelInfo(model.Config, ["left", "right", "up"], SamplingRate: 0) { ShortSide = 40 };
        CheckpointConverter.Write(folder.File("theirs"), CheckpointFormat.HuggingFace, model, info);

        var (read, back) = Checkpoint.LoadModel(folder.File("theirs"));
        using var held = read;
        var (has, had) = ((TransformerConfig)back.Model, (TransformerConfig)model.Config);
        has = has with { WeightStd = had.WeightStd };   // what only random weights need
        if (had is ViViTConfig vivit)
        {
            has = (ViViTConfig)has with { EmbeddingStd = vivit.EmbeddingStd, TemporalDepth = vivit.TemporalDepth };
        }
        Assert.Equal(had, has);
        Assert.Equal(info.Classes, back.Classes);
        Assert.Equal((0, 40), (back.SamplingRate, back.ShortSide));
        var clip = randn([2, 3, 8, 32, 32]);
        Assert.True(read.call(clip).allclose(model.call(clip), rtol: 1e-4, atol: 1e-6));
    }

    [SkippableTheory]
    [InlineData("hf_vivit", "vivit", "VivitForVideoClassification")]
    [InlineData("hf_videomae_cls_meanpool", "videomae", "VideoMAEForVideoClassification")]
    [InlineData("hf_videomae_cls_first", "videomae", "VideoMAEForVideoClassification")]
    public void Names_weights_and_sizes_are_those_of_Hugging_Faces_own_files(string name, string modelType, string architecture)
    {
        var path = Shared.Require("reference", "more", name + ".safetensors");
        using var theirs = SafeTensorsFile.Open(path);
        using var model = HuggingFaceRival.Parse(theirs.Metadata["config"], path, modelType).Model.Create();
        var weights = NamedWeights.Of(theirs, "param.");
        using (no_grad())
        {
            foreach (var (weight, value) in model.state_dict()) value.copy_(weights.Read(weight));
        }
        var classes = Enumerable.Range(0, model.Config.NumClasses).Select(k => $"class {k}").ToList();
        CheckpointConverter.Write(folder.File("ours"), CheckpointFormat.HuggingFace, model, new(model.Config, classes, SamplingRate: 2));

        using var ours = SafeTensorsFile.Open(folder.File("ours/model.safetensors"));
        const string prefix = "param.";
        var expected = theirs.Entries.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Order();
        Assert.Equal(expected, ours.Entries.Keys.Select(key => prefix + key).Order());
        Assert.All(ours.Entries.Keys, key => Assert.True(ours.Read(key).Equals(theirs.Read(prefix + key)), key));

        var config = JsonNode.Parse(File.ReadAllText(folder.File("ours/config.json")))!.AsObject();
        Assert.Equal((modelType, architecture), ((string)config["model_type"]!, (string)config["architectures"]![0]!));
        var stated = JsonNode.Parse(theirs.Metadata["config"])!.AsObject();
        var common = stated.Where(entry => config.ContainsKey(entry.Key)).ToList();
        Assert.True(common.Count >= 8, $"{common.Count}");
        Assert.All(common, entry => Assert.True(
            JsonNode.DeepEquals(entry.Value, config[entry.Key]), $"{entry.Key}: {entry.Value} but {config[entry.Key]}"));
    }

    [Fact]
    public void Models_that_Hugging_Face_lacks_are_refused()
    {
        VideoModelConfig[] others =
        [
            ViViTConfig.Tiny with { Encoder = ViViTEncoder.Factorized }, VisionTransformerConfig.Tiny, I3DConfig.Small,
        ];
        foreach (var config in others)
        {
            using var model = config.Create();
            var info = new ModelInfo(config, [.. Enumerable.Range(0, config.NumClasses).Select(k => $"{k}")], SamplingRate: 2);
            Assert.Refused<InputException>(
                "holds TimeSformer, joint ViViT and VideoMAE, not", () =>
                    CheckpointConverter.Write(folder.File("a"), CheckpointFormat.HuggingFace, model, info));
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        }
    }
}
