using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace TimeSformer.Tests.Models;

/// <summary>Small convolutional models compute what Fixtures/convolution_models.py computed with torch.nn.functional alone.</summary>
public sealed class ConvolutionFixtureTests() : TensorTests(gradients: true)
{
    private static readonly Dictionary<string, (VideoModelConfig Sizes, long[] Other)> cases = new()
    {
        ["i3d"] = (
            new I3DConfig { NumClasses = 5, NumFrames = 4, ImageSize = 64, Width = 8, Depths = new(2, 2, 3, 1), DropRate = 0 },
            [6, 96, 64]),
        ["slowfast"] = (
            new SlowFastConfig
            {
                NumClasses = 5, NumFrames = 8, ImageSize = 64, Width = 16, BetaInverse = 4, Alpha = 4, Depths = new(1, 2, 1, 1),
                DropRate = 0,
            },
            [8, 96, 64]),
        ["cnn-gru, ResNet-18"] = (
            new CnnGruConfig
            {
                NumClasses = 5, NumFrames = 3, ImageSize = 64, Width = 8, FirstGru = 6, SecondGru = 4, DenseWidth = 3, DropRate = 0,
            },
            [5, 64, 96]),
        ["cnn-gru, ResNet-50"] = (
            new CnnGruConfig
            {
                NumClasses = 5, NumFrames = 3, ImageSize = 64, Width = 4, FirstGru = 6, SecondGru = 4, DenseWidth = 3, DropRate = 0,
                Backbone = ImageBackbone.ResNet50,
            },
            [2, 64, 96]),
    };

    public static TheoryData<string> Cases => [.. cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Logits_of_a_clip_of_another_size_are_those_of_independent_code(string name)
    {
        using var model = Filled(name);
        model.eval();
        AssertNear(Expected(name)["logits"]!, model.call(Clips("clip", [1, 3, .. cases[name].Other])));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Logits_gradients_and_running_statistics_of_a_training_step_are_those_of_independent_code(string name)
    {
        using var model = Filled(name);
        var (expected, sizes) = (Expected(name), cases[name].Sizes);
        var logits = model.call(Clips("clips", [2, 3, sizes.NumFrames, sizes.ImageSize, sizes.ImageSize]));
        AssertNear(expected["training"]!, logits);
        functional.cross_entropy(logits, tensor(new[] { 3L, 1 })).backward();
        var parameters = model.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        foreach (var (gradient, values) in expected["gradients"]!.AsObject()) AssertNear(values!, parameters[gradient].grad!, gradient);
        var buffers = model.named_buffers().ToDictionary(named => named.name, named => named.buffer);
        foreach (var (buffer, values) in expected["buffers"]!.AsObject()) AssertNear(values!, buffers[buffer], buffer);
        Assert.All(
            buffers.Where(named => named.Key.EndsWith("num_batches_tracked")), named => Assert.Equal(1, named.Value.item<long>()));
    }

    private static JsonNode Expected(string name)
    {
        var path = Path.Combine(Repository.Root, "tests/TimeSformer.Lib.Tests/Fixtures/convolution_models.json");
        return JsonNode.Parse(File.ReadAllText(path))![name]!;
    }

    // A model in float64 with the script's weights and statistics.
    private static VideoModel Filled(string name)
    {
        var model = cases[name].Sizes.Create();
        model.to(ScalarType.Float64);
        using var _ = no_grad();
        foreach (var (weight, value) in model.state_dict())
        {
            if (weight.EndsWith("num_batches_tracked")) continue;
            bool isScale = weight.EndsWith("running_var") || (weight.EndsWith(".weight") && value.dim() == 1);
            var numbers = Uniform(weight, value.shape);
            var range = value.dim() > 1 ? Math.Sqrt(6.0 * value.shape[0] / value.numel()) : 0.2;
            value.copy_(isScale ? numbers + 0.5 : (2 * numbers - 1) * range);
        }
        return model;
    }

    private static Tensor Clips(string name, long[] shape) => 2 * Uniform(name, shape) - 1;

    // Numbers in [0, 1) that look random, by the script's formula.
    private static Tensor Uniform(string name, long[] shape)
    {
        long seed = name.Index().Sum(letter => (letter.Index + 1L) * letter.Item) % 997;
        var index = arange(shape.Aggregate(1L, (product, length) => product * length), ScalarType.Float64);
        var numbers = (index * 12.9898 + seed * 78.233).sin() * 43758.5453;
        return (numbers - numbers.floor()).reshape(shape);
    }

    private static void AssertNear(JsonNode expected, Tensor actual, string what = "logits")
    {
        var values = tensor(expected.Deserialize<double[]>()!);
        var difference = (actual.detach().flatten()[..(int)values.numel()] - values).abs().max().item<double>();
        Assert.True(difference <= 1e-6 * Math.Max(1, values.abs().max().item<double>()), $"{what}: {difference}");
    }
}
