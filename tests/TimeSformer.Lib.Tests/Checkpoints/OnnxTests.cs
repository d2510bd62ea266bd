using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>Models written as ONNX files and run by ONNX Runtime, which checks each file as it opens it.</summary>
public sealed class OnnxTests : CheckpointTests
{
    private const double Tolerance = 1e-5; // of the largest logit

    private static readonly Dictionary<string, VideoModelConfig> variants = new()
    {
        ["no embeddings"] = TimeSformerConfig.Tiny with { PositionalEmbedding = PositionalEmbedding.None },
        ["space-only with embeddings of time"] = TimeSformerConfig.Tiny with
        {
            Attention = AttentionScheme.SpaceOnly,
            PositionalEmbedding = PositionalEmbedding.SpaceTime,
        },
        ["groups of several lengths"] = TimeSformerConfig.Tiny with
        {
            Attention = AttentionScheme.SparseLocalGlobal,
            ImageSize = 40,
            NumFrames = 3,
        },
        ["no bias of queries, keys and values"] = TimeSformerConfig.Tiny with { QkvBias = false, MlpRatio = 1.5, LayerNormEps = 0.1 },
        ["GELU by a hyperbolic tangent"] = ViViTConfig.Tiny with { Activation = Activation.TanhGelu },
        ["first token"] = VideoMaeConfig.Tiny with { MeanPooling = false },
        ["mean with a norm of its own"] = VideoMaeConfig.Tiny with { LastNormEps = 0.1 },
        ["frames of one channel"] = VisionTransformerConfig.Tiny with { InChannels = 1 },
        ["ResNet-50"] = CnnGruConfig.Small with { Backbone = ImageBackbone.ResNet50, ImageSize = 48 },
        ["odd sizes"] = I3DConfig.Small with { NumFrames = 5, ImageSize = 70 },
        ["slow frames at unequal distances"] = SlowFastConfig.Small with { NumFrames = 12, ImageSize = 70, FusionRatio = 3 },
    };

    public static TheoryData<string> Presets => ZooTests.SmallPresets;

    public static TheoryData<string> Variants => [.. variants.Keys];

    [Theory, MemberData(nameof(Presets))]
    public void A_preset_has_the_same_logits_in_ONNX_Runtime(string preset) => AssertSameLogits(Preset.Find(preset)!.Model);

    [Theory, Each<AttentionScheme>]
    public void Every_scheme_has_the_same_logits_in_ONNX_Runtime(AttentionScheme scheme) =>
        AssertSameLogits(TimeSformerConfig.Tiny with { Attention = scheme });

    [Theory, MemberData(nameof(Variants))]
    public void Models_of_other_sizes_have_the_same_logits_in_ONNX_Runtime(string variant) => AssertSameLogits(variants[variant]);

    [Fact]
    public void The_file_says_what_clips_and_classes_are()
    {
        var info = new ModelInfo(sizes, ["down", "up", "a \"quoted\" ü", "left", "right"], SamplingRate: 5)
        {
            ShortSide = 40, Normalization = new([0.25, 0.5, 0.75], [0.5]),
        };
        using var model = Trained(sizes);
        CheckpointConverter.Write(folder.File("native"), CheckpointFormat.Native, model, info);
        CheckpointConverter.Convert(folder.File("native"), folder.File("a.onnx"), CheckpointFormat.Onnx);

        using var session = new InferenceSession(folder.File("a.onnx"));
        var said = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal(info.Classes, JsonSerializer.Deserialize<string[]>(said["classes"]));
        Assert.Equal(("4", "5", "40", "32"), (said["num_frames"], said["sampling_rate"], said["short_side"], said["crop_size"]));
        Assert.Equal(("[0.25,0.5,0.75]", "[0.5,0.5,0.5]"), (said["mean"], said["std"]));
        Assert.Equal([-1, 3, 4, 32, 32], session.InputMetadata["clips"].Dimensions);
        Assert.Equal([-1, 5], session.OutputMetadata["logits"].Dimensions);
        Assert.Equal(["batch"], session.OutputMetadata["logits"].SymbolicDimensions.Where(name => name != ""));
    }

    [Fact]
    public void A_crop_is_the_whole_frame_unless_a_short_side_is_known()
    {
        using var session = Exported(Trained(sizes));
        Assert.Equal("32", session.ModelMetadata.CustomMetadataMap["short_side"]);
    }

    [Fact]
    public void Equal_models_make_equal_files()
    {
        Exported(Trained(sizes)).Dispose();
        var bytes = File.ReadAllBytes(folder.File("a.onnx"));
        File.Delete(folder.File("a.onnx"));
        Exported(Trained(sizes)).Dispose();
        Assert.Equal(bytes, File.ReadAllBytes(folder.File("a.onnx")));
    }

    [Fact]
    public void A_pretraining_model_is_refused_and_nothing_is_written()
    {
        var model = VideoMaePretrainingConfig.Tiny.Create();
        Assert.Refused<InputException>("cannot be written as ONNX, because it is no classifier", () => Exported(model));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_nothing_and_one_that_exists_stays()
    {
        var model = Trained(sizes);
        var info = new ModelInfo(sizes, ["a", "b", "c", "d", "e"], 1);
        Assert.ThrowsAny<IOException>(() => CheckpointConverter.Write(folder.File("no/a.onnx"), CheckpointFormat.Onnx, model, info));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        File.WriteAllText(folder.File("a.onnx"), "mine");
        Assert.Refused<CheckpointException>("already exists", () => Exported(model));
        Assert.Equal("mine", File.ReadAllText(folder.File("a.onnx")));
    }

    private void AssertSameLogits(VideoModelConfig config)
    {
        var model = AsTrained(config);
        using var session = Exported(model);
        foreach (long batch in new[] { 1, 3 })
        {
            var clips = Clips(batch, config);
            var expected = model.call(clips);
            using var input = OrtValue.CreateTensorValueFromMemory(clips.data<float>().ToArray(), clips.shape);
            using var run = new RunOptions();
            using var outputs = session.Run(run, new Dictionary<string, OrtValue> { ["clips"] = input }, ["logits"]);
            Assert.Equal(expected.shape, outputs[0].GetTensorTypeAndShape().Shape);
            var logits = tensor(outputs[0].GetTensorDataAsSpan<float>().ToArray(), expected.shape);
            double scale = expected.abs().max().Number();
            Assert.InRange((logits - expected).abs().max().Number() / scale, 0, Tolerance);
            // The logits depend on the clips, so that a wrong value on the way shows.
            if (batch > 1) Assert.True((expected[0] - expected[1]).abs().max().Number() > 1000 * Tolerance * scale);
        }
    }

    // Each frame has its own color.
    private static Tensor Clips(long batch, VideoModelConfig config)
    {
        var colors = randn([batch, config.InChannels, config.NumFrames, 1, 1]);
        return colors.Plus(randn([batch, config.InChannels, config.NumFrames, config.ImageSize, config.ImageSize]));
    }

    // As after training: nothing is as it starts, such as zeros, ones and the statistics of batch norms.
    private static VideoModel AsTrained(VideoModelConfig config)
    {
        manual_seed(9);
        var model = (config with { NumClasses = 7 }).Create();
        foreach (var parameter in model.parameters().Where(parameter => parameter.min().Number() == parameter.max().Number()))
        {
            parameter.add_(randn_like(parameter).Times(0.1));
        }
        for (int batch = 0; batch < 5; batch++) model.call(Clips(2, config)).Dispose();
        model.eval();
        return model;
    }

    private InferenceSession Exported(VideoModel model)
    {
        var info = new ModelInfo(model.Config, [.. Enumerable.Range(0, model.Config.NumClasses).Select(label => $"class {label}")], 1);
        CheckpointConverter.Write(folder.File("a.onnx"), CheckpointFormat.Onnx, model, info);
        return new InferenceSession(folder.File("a.onnx"));
    }
}
