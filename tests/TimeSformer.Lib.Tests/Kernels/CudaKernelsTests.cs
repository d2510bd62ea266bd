using System.Text.RegularExpressions;
using TimeSformer.Kernels;
using TimeSformer.Kernels.Cuda;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace TimeSformer.Tests.Kernels;

/// <summary>Blocks by CUDA kernels; most need a GPU.</summary>
public sealed partial class CudaKernelsTests() : TensorTests(gradients: true)
{
    [SkippableTheory]
    [InlineData(ScalarType.Float32, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData(ScalarType.BFloat16, ScalarType.BFloat16)]
    public void Steps_equal_the_composed_ones(ScalarType residual, ScalarType stored)
    {
        Skip.IfNot(cuda.is_available(), "no GPU");
        foreach (var (width, heads, hidden, frames) in new[] { (64, 4, 256, 4), (192, 3, 768, 8), (768, 12, 3072, 8), (1024, 16, 64, 40) })
        {
            CudaCheck.Run(new(0, residual, stored, width, heads, hidden, frames), new Device("cuda"));
        }
    }

    [SkippableTheory, Each<AttentionScheme>]
    public void A_model_has_the_logits_and_gradients_of_the_composed_one(AttentionScheme scheme)
    {
        Skip.IfNot(cuda.is_available(), "no GPU");
        foreach (double rate in new[] { 0, 0.4 })
        {
            manual_seed(1);
            var config = TimeSformerConfig.Tiny with { NumClasses = 5, Attention = scheme, DropPathRate = rate };
            using var model = new TimeSformerModel(config).to(new Device("cuda"));
            using (no_grad()) foreach (var weight in model.parameters()) weight.add_(randn_like(weight).Times(0.1), Arithmetic.One);
            var clips = randn([3, 3, config.NumFrames, config.ImageSize, config.ImageSize]).cuda();
            var fused = Gradients(model, clips);
            Dictionary<string, Tensor> composed;
            using (CpuKernels.Off()) composed = Gradients(model, clips);
            foreach (var (name, value) in composed)
            {
                Assert.InRange((fused[name] - value).norm().Number() / value.norm().Number(), 0, 1e-4);
            }
        }
    }

    [SkippableFact]
    public void Without_a_gpu_what_is_missing_is_said()
    {
        Skip.If(cuda.is_available(), "a GPU is there");
        var error = Assert.Throws<InputException>(
            () => CudaProgram.Of("gelu.cu", 0, ScalarType.Float32, ScalarType.Float32, "WIDTH=64"));
        Assert.StartsWith("a library of CUDA is missing: ", error.Message);
    }

    [Theory, InlineData("types.cu"), InlineData("residual.cu"), InlineData("gelu.cu"), InlineData("attention.cu")]
    public void A_source_includes_nothing_and_its_kernels_take_addresses_and_long_numbers_alone(string file)
    {
        var source = CudaProgram.Source(file);
        Assert.DoesNotContain("#include", source);
        foreach (Match kernel in Kernel().Matches(source))
        {
            Assert.All(kernel.Groups[1].Value.Split(','), parameter => Assert.Matches(@"\*|long long", parameter));
        }
    }

    private static Dictionary<string, Tensor> Gradients(TimeSformerModel model, Tensor clips)
    {
        model.train();
        model.zero_grad();
        cuda.manual_seed_all(9);
        var logits = model.call(clips);
        functional.cross_entropy(logits, zeros(clips.shape[0], ScalarType.Int64, clips.device)).backward();
        var result = model.named_parameters().ToDictionary(named => named.name, named => named.parameter.grad!.clone());
        result["logits"] = logits.detach();
        return result;
    }

    [GeneratedRegex(@"__global__ void \w+\(([^)]*)\)")]
    private static partial Regex Kernel();
}
