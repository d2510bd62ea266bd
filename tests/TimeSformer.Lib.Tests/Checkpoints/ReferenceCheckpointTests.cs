namespace TimeSformer.Tests.Checkpoints;

/// <summary>Files written by PyTorch, compared with the official code's results.</summary>
public sealed class ReferenceCheckpointTests : CheckpointTests
{
    private static readonly TimeSformerConfig official = new()
    {
        NumClasses = 7, NumFrames = 4, ImageSize = 32, PatchSize = 8, EmbedDim = 48, Depth = 3, NumHeads = 4,
    };

    [SkippableTheory, InlineData("official_style.pyth"), InlineData("official_style_legacy.pyth")]
    public void An_official_checkpoint_gives_the_official_logits(string name)
    {
        using var reference = SafeTensorsFile.Open(Shared.Require("reference", "official", "divided_space_time.safetensors"));
        var model = new TimeSformerModel(official);
        model.eval();
        var report = Pretrained.Load(model, Shared.Require("reference", "checkpoints", name));
        Assert.Equal(model.state_dict().Count, report.Matched.Count());
        Assert.Equal(report.Weights.Count, report.Matched.Count());
        AssertClose(reference.Read("out.logits"), model.call(reference.Read("in.clip")));
    }

    [SkippableFact]
    public void The_other_content_of_an_official_checkpoint_is_read()
    {
        using var file = TorchFile.Open(Shared.Require("reference", "checkpoints", "official_style.pyth"));
        Assert.Equal("model_state", file.Section);
        var root = Assert.IsType<OrderedDictionary<string, object?>>(file.Root);
        Assert.Equal(["epoch", "model_state", "optimizer_state", "cfg"], root.Keys);
        Assert.Equal(14L, root["epoch"]);
        Assert.Contains("ATTENTION_TYPE: divided_space_time", Assert.IsType<string>(root["cfg"]));
    }

    [SkippableFact]
    public void Both_formats_of_a_checkpoint_hold_the_same_tensors()
    {
        using var zip = TensorFile.Open(Shared.Require("reference", "checkpoints", "official_style.pyth"));
        using var legacy = TensorFile.Open(Shared.Require("reference", "checkpoints", "official_style_legacy.pyth"));
        Assert.Equal(zip.Entries.Keys, legacy.Entries.Keys);
        foreach (var (name, value) in zip.ReadAll()) Assert.True(value.Equals(legacy.Read(name)), name);
    }

    [SkippableFact]
    public void A_half_precision_checkpoint_is_the_official_one_rounded()
    {
        using var half = TensorFile.Open(Shared.Require("reference", "checkpoints", "state_dict_half.pth"));
        using var full = SafeTensorsFile.Open(Shared.Require("reference", "official", "divided_space_time.safetensors"));
        Assert.All(half.Entries.Values, entry => Assert.Equal(ScalarType.Float16, entry.DType));
        foreach (var (name, value) in half.ReadAll())
        {
            Assert.True(full.Read("w." + name["model.".Length..]).to_type(ScalarType.Float16).Equals(value), name);
        }
        Assert.Equal(Pretrained.Load(new TimeSformerModel(official), half.Path).Matched.Count(), half.Entries.Count);
    }

    [SkippableFact]
    public void Odd_tensors_are_read_exactly()
    {
        using var file = TensorFile.Open(Shared.Require("reference", "checkpoints", "odd_tensors.pth"));
        void Holds(string name, Tensor expected)
        {
            var read = file.Read(name);
            Assert.Equal(expected.dtype, read.dtype);
            Assert.True(expected.Equals(read), name);
        }

        Assert.Equal(7, file.Entries.Count);
        Holds("i64", arange(6L).view(2, 3));
        Holds("bool", tensor(new[] { true, false }));
        Holds("noncontig", arange(0f, 12f, 1f).view(3, 4).t());
        Holds("scalar", tensor(3.5f));
        Holds("shared_a", arange(2f, 5f, 1f));
        Holds("shared_b", arange(4f, 10f, 1f));
        float[] brain =
        [
            -0.97265625f, 1.546875f, 0.1767578125f, -1.3515625f, 0.3984375f, 0.54296875f, -0.12890625f, 0.6171875f, 0.455078125f,
            1.5390625f, 0.06298828125f, -0.435546875f,
        ];
        Holds("bf16", tensor(brain).view(3, 4).to_type(ScalarType.BFloat16));
    }

    [SkippableFact]
    public void A_malicious_checkpoint_is_refused_with_its_reason_and_does_nothing()
    {
        var path = Shared.Require("reference", "checkpoints", "malicious.pth");
        AssertWritesNothing(() => Assert.Refused<CheckpointException>(
            "at byte 191 of its pickle, it asks for posix.system", () => Pretrained.Load(new TimeSformerModel(official), path)));
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "PWNED")));
    }

    [SkippableFact]
    public void An_image_model_starts_a_space_only_model_that_averages_the_frames_class_tokens()
    {
        using var file = TensorFile.Open(Shared.Require("reference", "checkpoints", "timm_style_vit.pth"));
        var image = new TimeSformerModel(official with
        {
            Attention = AttentionScheme.SpaceOnly,
            NumFrames = 1,
            NumClasses = (int)file.Entries["head.weight"].Shape[0],
        });
        foreach (var (name, weight) in image.state_dict()) weight.copy_(file.Read(name));
        var video = new TimeSformerModel((TimeSformerConfig)image.Config with { NumFrames = 4 });
        Pretrained.Load(video, file.Path);
        image.eval();
        video.eval();
        List<Tensor> tokens = []; // (B, D) for each frame
        image.Blocks[^1].register_forward_hook((_, _, _, output) =>
        {
            tokens.Add(output[.., 0].clone().DetachFromDisposeScope());
            return output;
        });
        var clip = randn(new long[] { 2, 3, 4, 32, 32 });
        for (int frame = 0; frame < 4; frame++) image.forward_features(clip.narrow(2, frame, 1));
        var weights = image.state_dict();
        var mean = stack(tokens).mean([0L]);
        var normed = nn.functional.layer_norm(mean, [48], weights["norm.weight"], weights["norm.bias"], official.LayerNormEps);
        AssertClose(image.forward_head(normed), video.call(clip));
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-5);
    }
}
