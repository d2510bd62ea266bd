namespace TimeSformer.Tests.Checkpoints;

/// <summary>An image model in the naming and layout of each publisher starts the same video model.</summary>
public sealed class NamingTests : CheckpointTests
{
    private static readonly TimeSformerConfig imageSizes = sizes with { Attention = AttentionScheme.SpaceOnly, NumFrames = 1 };

    private readonly TimeSformerModel image; // holds the weights
    private readonly Dictionary<string, Tensor> weights;

    public NamingTests()
    {
        image = Trained(imageSizes);
        weights = image.state_dict();
    }

    [Theory, InlineData(""), InlineData("model."), InlineData("module."), InlineData("module.model.")]
    public void Official_and_timm_names_with_any_prefix(string prefix) =>
        AssertStarts("official", weights.ToDictionary(weight => prefix + weight.Key, weight => weight.Value));

    [Fact]
    public void Names_of_a_distilled_DeiT()
    {
        var tensors = new Dictionary<string, Tensor>(weights);
        tensors["pos_embed"] = WithSecondToken(tensors["pos_embed"]);
        tensors["dist_token"] = randn(1, 1, 24);
        tensors["head_dist.weight"] = randn(5, 24);
        AssertStarts("distilled DeiT", tensors, "dist_token", "head_dist.weight");
    }

    [Fact]
    public void Names_of_a_masked_autoencoder_with_its_decoder()
    {
        var tensors = new Dictionary<string, Tensor>(weights);
        tensors["mask_token"] = randn(1, 1, 8);
        tensors["decoder_blocks.0.attn.qkv.weight"] = randn(24, 8);
        AssertStarts("official", tensors, "mask_token", "decoder_blocks.0.attn.qkv.weight");
    }

    [Theory]
    [InlineData("vit.", "Hugging Face ViT")]
    [InlineData("deit.", "Hugging Face DeiT")]
    [InlineData("", "Hugging Face ViT")]
    public void Names_of_Hugging_Face(string stem, string family)
    {
        var tensors = HuggingFace(stem);
        tensors[$"{stem}pooler.dense.weight"] = randn(24, 24);
        AssertStarts(family, tensors, $"{stem}pooler.dense.weight");
    }

    [Fact]
    public void Names_of_Hugging_Faces_distilled_DeiT()
    {
        var tensors = HuggingFace("deit.");
        tensors["deit.embeddings.position_embeddings"] = WithSecondToken(tensors["deit.embeddings.position_embeddings"]);
        tensors["deit.embeddings.distillation_token"] = randn(1, 1, 24);
        foreach (var kind in new[] { "weight", "bias" })
        {
            Assert.True(tensors.Remove($"classifier.{kind}", out var weight));
            tensors[$"cls_classifier.{kind}"] = weight;
        }
        AssertStarts("Hugging Face distilled DeiT", tensors, "deit.embeddings.distillation_token");
    }

    [Theory, InlineData(""), InlineData("opt/target/")]
    public void Names_and_layouts_of_Google(string prefix)
    {
        const string attention = "MultiHeadDotProductAttention_1";
        Dictionary<string, Tensor> tensors = [];
        foreach (var (name, weight) in weights)
        {
            var parts = name.Split('.');
            var block = parts[0] == "blocks" ? $"Transformer/encoderblock_{parts[1]}/" : "";
            var (kind, scale) = parts[^1] == "weight" ? ("kernel", "scale") : ("bias", "bias");
            switch (parts[0] == "blocks" ? string.Join('.', parts[2..^1]) : parts[0])
            {
                case "cls_token": tensors["cls"] = weight; break;
                case "pos_embed": tensors["Transformer/posembed_input/pos_embedding"] = weight; break;
                case "patch_embed": tensors[$"embedding/{kind}"] = kind == "kernel" ? weight.permute(2, 3, 1, 0) : weight; break;
                case "norm1": tensors[$"{block}LayerNorm_0/{scale}"] = weight; break;
                case "norm2": tensors[$"{block}LayerNorm_2/{scale}"] = weight; break;
                case "norm": tensors[$"Transformer/encoder_norm/{scale}"] = weight; break;
                case "mlp.fc1": tensors[$"{block}MlpBlock_3/Dense_0/{kind}"] = Transposed(weight); break;
                case "mlp.fc2": tensors[$"{block}MlpBlock_3/Dense_1/{kind}"] = Transposed(weight); break;
                case "head": tensors[$"head/{kind}"] = Transposed(weight); break;
                case "attn.proj":
                    tensors[$"{block}{attention}/out/{kind}"] = kind == "kernel" ? weight.t().reshape(3, 8, 24) : weight;
                    break;
                case "attn.qkv":
                    foreach (var (part, values) in new[] { "query", "key", "value" }.Zip(weight.chunk(3)))
                    {
                        var input = kind == "kernel" ? values.t().reshape(24, 3, 8) : values.reshape(3, 8);
                        tensors[$"{block}{attention}/{part}/{kind}"] = input;
                    }
                    break;
                default: Assert.Fail(name); break;
            }
        }
        NpzFixture.Write(folder.File("a.npz"), tensors.Select(tensor => KeyValuePair.Create(prefix + tensor.Key, tensor.Value)));
        AssertStarts("Google ViT", folder.File("a.npz"));
    }

    [Fact]
    public void Unknown_names_are_refused_with_examples()
    {
        SafeTensors.Write(folder.File("a"), [new("stem.weight", ones(1)), new("layer1.0.stem.weight", ones(1))]);
        const string said = "its 2 names match no known model (stem.weight, layer1.0.stem.weight, ...)";
        Assert.Refused<CheckpointException>(said, () => Pretrained.Load(image, folder.File("a")));
    }

    [Fact]
    public void Parts_that_do_not_form_a_weight_are_refused()
    {
        var tensors = HuggingFace("vit.");
        tensors["vit.encoder.layer.1.attention.attention.key.weight"] = randn(4, 4);
        SafeTensors.Write(folder.File("a"), tensors);
        Assert.Contains("attention.key.weight", Assert.Refused<CheckpointException>(
            "do not form blocks.1.attn.qkv.weight", () => Pretrained.Load(image, folder.File("a"))));
    }

    private static Tensor Transposed(Tensor weight) => weight.dim() == 2 ? weight.t() : weight;

    private static Tensor WithSecondToken(Tensor embeddings) => cat([embeddings[.., ..1], randn(1, 1, 24), embeddings[.., 1..]], 1);

    private Dictionary<string, Tensor> HuggingFace(string stem)
    {
        (string Ours, string Theirs)[] names =
        [
            ("cls_token", "embeddings.cls_token"), ("pos_embed", "embeddings.position_embeddings"),
            ("patch_embed.proj", "embeddings.patch_embeddings.projection"), ("blocks.", "encoder.layer."),
            (".norm1.", ".layernorm_before."), (".norm2.", ".layernorm_after."), (".attn.proj.", ".attention.output.dense."),
            (".mlp.fc1.", ".intermediate.dense."), (".mlp.fc2.", ".output.dense."), ("norm.", "layernorm."),
        ];
        Dictionary<string, Tensor> tensors = [];
        foreach (var (name, weight) in weights)
        {
            var theirs = names.Aggregate(name, (text, pair) => text.Replace(pair.Ours, pair.Theirs));
            if (name.StartsWith("head.")) tensors[$"classifier.{name["head.".Length..]}"] = weight;
            else if (!name.Contains("qkv")) tensors[stem + theirs] = weight;
            else
            {
                foreach (var (part, values) in new[] { "query", "key", "value" }.Zip(weight.chunk(3)))
                {
                    tensors[stem + theirs.Replace("attn.qkv", $"attention.attention.{part}")] = values;
                }
            }
        }
        return tensors;
    }

    private void AssertStarts(string family, Dictionary<string, Tensor> tensors, params string[] unexpected)
    {
        SafeTensors.Write(folder.File("a.safetensors"), tensors);
        AssertStarts(family, folder.File("a.safetensors"), unexpected);
    }

    private void AssertStarts(string family, string path, params string[] unexpected)
    {
        var video = Trained(imageSizes, std: 9);
        var report = Pretrained.Load(video, path);
        Assert.Equal(family, report.Family);
        Assert.Equal(weights.Keys, report.Matched.Select(weight => weight.Name));
        Assert.Equal(unexpected.Order(), report.Unexpected.Select(weight => weight.Name).Order());
        AssertSameWeights(weights, video);
    }
}
