using System.Text.Json;
using TimeSformer.Kernels;
using TorchSharp;

namespace TimeSformer.Tests.Models;

/// <summary>ViViT, VideoMAE and the image ViT against values and gradients of independent code.</summary>
public sealed class RivalParityTests() : TensorTests(gradients: true)
{
    private static readonly ViViTConfig vivit = new()
    {
        NumClasses = 5, NumFrames = 4, ImageSize = 16, PatchSize = 8, EmbedDim = 32, Depth = 2, TemporalDepth = 1, NumHeads = 2,
        MlpRatio = 2, DropPathRate = 0,
    };

    private static readonly VideoMaeConfig videoMae = new()
    {
        NumClasses = 5, NumFrames = 4, ImageSize = 16, PatchSize = 8, EmbedDim = 32, Depth = 2, NumHeads = 2, MlpRatio = 2,
        DropPathRate = 0,
    };

    private static readonly Dictionary<string, VideoModelConfig> models = new()
    {
        ["ViViT"] = vivit,
        ["FactorizedViViT"] = vivit with { Encoder = ViViTEncoder.Factorized, Activation = Activation.Gelu },
        ["VideoMae of the mean"] = videoMae,
        ["VideoMae of the first token"] = videoMae with { MeanPooling = false },
        ["VisionTransformer"] = new VisionTransformerConfig
        {
            NumClasses = 5, NumFrames = 4, ImageSize = 16, PatchSize = 8, EmbedDim = 32, Depth = 2, NumHeads = 2, MlpRatio = 2,
            DropPathRate = 0,
        },
    };

    private readonly Dictionary<string, double> errors = [];

    [SkippableTheory]
    [InlineData("hf_vivit", "vivit")]
    [InlineData("hf_videomae_cls_meanpool", "videomae")]
    [InlineData("hf_videomae_cls_first", "videomae")]
    public void Tokens_logits_loss_and_gradients_match_Hugging_Faces(string name, string modelType)
    {
        var path = Shared.Require("reference", "more", name + ".safetensors");
        Assert.All([true, false], kernels => AssertMatch(1e-4, kernels, () => CompareClassifier(path, modelType)));
        Assert.Equal(["block.0", "block.1", "block.2", "embed", "logits", "loss"], errors.Keys.Where(key => !key.Contains("grad")).Order());
    }

    [SkippableFact]
    public void Predicted_pixels_loss_and_gradients_of_pretraining_match_Hugging_Faces()
    {
        var path = Shared.Require("reference", "more", "hf_videomae_pretrain.safetensors");
        Assert.All([true, false], kernels => AssertMatch(1e-4, kernels, () => ComparePretraining(path)));
        Assert.Equal(["logits", "loss"], errors.Keys.Where(key => !key.Contains("grad")).Order());
    }

    [Theory]
    [InlineData("ViViT")]
    [InlineData("FactorizedViViT")]
    [InlineData("VideoMae of the mean")]
    [InlineData("VideoMae of the first token")]
    [InlineData("VisionTransformer")]
    [InlineData("VideoMaePretraining")]
    public void Outputs_loss_and_gradients_match_the_papers_formulas(string name)
    {
        AssertMatch(1e-4, kernels: true, () => CompareFormulas(name, ScalarType.Float32));
        AssertMatch(1e-4, kernels: false, () => CompareFormulas(name, ScalarType.Float32));
        // In pre-training the deviation of pixels has an epsilon.
        AssertMatch(name == "VideoMaePretraining" ? 1e-5 : 1e-6, kernels: true, () => CompareFormulas(name, ScalarType.Float64));
    }

    // The numbers of Fixtures/rivals.py.
    private static Tensor Numbers(long[] shape, int seed)
    {
        var x = tensor(Array.ConvertAll([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, length) => product * length))], i =>
        {
            double value = Math.Sin((i * 12.9898) + (seed * 78.233)) * 43758.5453;
            return ((value - Math.Floor(value)) * 0.6) - 0.3;
        }));
        return x.view(shape);
    }

    private void AssertMatch(double tolerance, bool kernels, Action compare)
    {
        errors.Clear();
        using var composed = kernels ? null : CpuKernels.Off();
        compare();
        Assert.True(errors.Count(error => error.Key.Contains("grad")) > 20);
        Assert.All(errors, error => Assert.True(error.Value <= tolerance, $"{error.Key}: {error.Value:g3}"));
    }

    private void Compare(string name, Tensor computed, Tensor reference)
    {
        Assert.Equal(reference.shape, computed.shape);
        var (actual, expected) = (computed.detach().to_type(ScalarType.Float64), reference.to_type(ScalarType.Float64));
        double error = (actual - expected).abs().max().Number() / Math.Max(expected.abs().max().Number(), 1e-9);
        errors[name] = double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private void CompareClassifier(string path, string modelType)
    {
        using var file = SafeTensorsFile.Open(path);
        using var model = (TransformerModel)HuggingFaceRival.Parse(file.Metadata["config"], path, modelType).Model.Create();
        Load(model, NamedWeights.Of(file, "param."));
        model.eval();
        foreach (var (index, block) in model.Blocks.Index())
        {
            block.register_forward_hook((_, _, _, tokens) =>
            {
                Compare($"block.{index}", tokens, file.Read($"block.{index}"));
                return tokens;
            });
        }
        var clips = file.Read("pixel_values").transpose(1, 2);
        Compare("embed", model.Embed(clips).Tokens, file.Read("embed"));
        var logits = model.call(clips);
        var loss = nn.functional.cross_entropy(logits, file.Read("labels"));
        Compare("logits", logits, file.Read("logits"));
        CompareBackward(model, loss, file);
    }

    private void ComparePretraining(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        var text = JsonNode.Parse(file.Metadata["config"])!.AsObject();
        text["architectures"] = new JsonArray("VideoMAEForPreTraining");
        using var model = new VideoMaePretraining(HuggingFaceRival.Parse(text.ToJsonString(), path, "videomae").Pretraining!);
        Load(model, NamedWeights.Of(file, "param."));
        model.eval();
        var (clips, mask) = (file.Read("pixel_values").transpose(1, 2), file.Read("bool_masked_pos"));
        Compare("logits", model.Reconstruct(clips, mask).Predicted, file.Read("logits"));
        CompareBackward(model, model.forward(clips, mask), file);
    }

    private void CompareBackward(nn.Module model, Tensor loss, SafeTensorsFile file)
    {
        Compare("loss", loss, file.Read("loss"));
        loss.backward();
        var gradients = NamedWeights.Of(file, "grad.");
        foreach (var (name, parameter) in model.named_parameters()) Compare($"gradient of {name}", parameter.grad!, gradients.Read(name));
    }

    private static void Load(nn.Module model, NamedWeights weights)
    {
        using var _ = no_grad();
        var state = model.state_dict();
        Assert.Empty(weights.Unexpected);
        Assert.Equal(state.Keys.Order(), weights.Names.Order());
        foreach (var (name, weight) in state) StateDict.Copy(name, weights.Read(name), weight);
    }

    private void CompareFormulas(string name, ScalarType type)
    {
        var path = Path.Combine(Repository.Root, "tests/TimeSformer.Lib.Tests/Fixtures/rivals.json");
        var expected = JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty(name);
        var pretraining = name == "VideoMaePretraining"
            ? new VideoMaePretrainingConfig(videoMae) { DecoderDim = 32, DecoderDepth = 1, DecoderHeads = 2, DecoderMlpRatio = 2 }
            : null;
        using nn.Module model = pretraining is null ? models[name].Create() : new VideoMaePretraining(pretraining);
        model.to(type);
        string[] names = [.. model.state_dict().Keys.Order(StringComparer.Ordinal)];
        using (no_grad())
        {
            foreach (var (index, key) in names.Index()) model.state_dict()[key].copy_(Numbers(model.state_dict()[key].shape, index));
        }
        var clips = Numbers([2, 3, 4, 16, 16], 500).mul(5).to_type(type);
        Tensor outputs, loss;
        if (model is VideoMaePretraining masked)
        {
            var mask = tensor(new[] { true, false, true, true }).repeat(2, 2);
            outputs = masked.Reconstruct(clips, mask).Predicted[.., TensorIndex.Slice(step: 3), TensorIndex.Slice(step: 50)];
            loss = masked.forward(clips, mask);
        }
        else
        {
            outputs = ((VideoModel)model).call(clips);
            loss = nn.functional.cross_entropy(outputs, tensor(new[] { 1L, 3L }));
        }
        loss.backward();
        Compare("outputs", outputs.flatten(), tensor(expected.GetProperty("outputs").Deserialize<double[]>()!));
        Compare("loss", loss, tensor(expected.GetProperty("loss").GetDouble()));
        var products = expected.GetProperty("gradients").Deserialize<Dictionary<string, double>>()!;
        Assert.Equal(names, products.Keys);
        double largest = products.Values.Max(Math.Abs);
        var parameters = model.named_parameters().ToDictionary(parameter => parameter.name, parameter => parameter.parameter);
        foreach (var (index, key) in names.Index())
        {
            using var scope = NewDisposeScope();
            var gradient = parameters[key].grad!.to_type(ScalarType.Float64);
            double product = (gradient * Numbers(gradient.shape, 1000 + index)).sum().Number();
            errors[$"gradient of {key}"] = Math.Abs(product - products[key]) / largest;
        }
    }
}
