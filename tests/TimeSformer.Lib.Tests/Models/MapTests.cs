namespace TimeSformer.Tests.Models;

/// <summary>What models tell of each part of a clip.</summary>
public sealed class MapTests : TensorTests
{
    private static readonly I3DConfig i3d = I3DConfig.Small with { NumClasses = 5, ImageSize = 32, Width = 8 };
    private static readonly SlowFastConfig slowFast = SlowFastConfig.Small with { NumClasses = 5, ImageSize = 32, Width = 8 };
    private static readonly CnnGruConfig cnnGru = CnnGruConfig.Small with { NumClasses = 5, ImageSize = 32, Width = 8 };

    private static readonly Dictionary<string, VideoModelConfig> models = new()
    {
        ["joint ViViT"] = ViViTConfig.Tiny, ["factorized ViViT"] = ViViTConfig.Tiny with { Encoder = ViViTEncoder.Factorized },
        ["VideoMAE"] = VideoMaeConfig.Tiny, ["VideoMAE of the first token"] = VideoMaeConfig.Tiny with { MeanPooling = false },
        ["image ViT"] = VisionTransformerConfig.Tiny, ["i3d"] = i3d, ["slowfast"] = slowFast, ["cnn-gru"] = cnnGru,
    };

    private static readonly string[] convolutions = ["i3d", "slowfast", "cnn-gru"];

    static MapTests()
    {
        foreach (var scheme in Enum.GetValues<AttentionScheme>()) models[$"{scheme}"] = TimeSformerConfig.Tiny with { Attention = scheme };
    }

    public static TheoryData<string> Names => [.. models.Keys];

    public static TheoryData<string> Transformers => [.. models.Keys.Except(convolutions)];

    [Theory, MemberData(nameof(Names))]
    public void A_map_has_moments_rows_and_columns_and_the_width_of_the_model(string name)
    {
        using var model = models[name].Create();
        model.eval();
        var clips = randn(new long[] { 2, 3, 8, 64, 32 });
        var (map, features) = (model.forward_map(clips), model.forward_features(clips));
        long moments = name switch
        {
            "joint ViViT" or "factorized ViViT" or "VideoMAE" or "VideoMAE of the first token" or "i3d" => 4,
            "slowfast" => 8 / slowFast.Alpha,
            "cnn-gru" => 1, // its last layer remembers, and has no places
            _ => 8,
        };
        var (rows, columns) = name switch { "cnn-gru" => (1, 1), _ when convolutions.Contains(name) => (2, 1), _ => (64 / Patch(name), 32 / Patch(name)) };
        Assert.Equal([2, moments, rows, columns, features.shape[1]], map.shape);
        Assert.Equal(ScalarType.Float32, map.dtype);
        Assert.True(map.isfinite().all().item<bool>());
    }

    // What is pooled is the average of the map.
    [Theory, InlineData("i3d"), InlineData("slowfast")]
    public void The_average_of_a_convolutional_map_is_the_features(string name)
    {
        using var model = models[name].Create();
        model.eval();
        var clips = randn(new long[] { 2, 3, 8, 64, 32 });
        Assert.True(model.forward_map(clips).mean([1L, 2, 3]).allclose(model.forward_features(clips), atol: 1e-4));
    }

    // In blocks that add nothing, a token stays what its patch made it.
    [Theory, MemberData(nameof(Transformers))]
    public void A_part_of_a_transformers_map_is_that_of_its_patch_and_no_class_token_is_in_it(string name)
    {
        using var model = models[name].Create();
        model.eval();
        foreach (var (parameter, weight) in model.named_parameters())
        {
            if (parameter.Contains("blocks") && new[] { "proj.", "temporal_fc.", "fc2." }.Any(parameter.Contains)) weight.zero_();
        }
        int patch = Patch(name);
        var clips = randn(new long[] { 1, 3, 8, 64, 32 });
        var before = model.forward_map(clips);
        foreach (var (parameter, weight) in model.named_parameters())
        {
            if (parameter.EndsWith("cls_token")) weight.normal_();
        }
        Assert.True(before.allclose(model.forward_map(clips), atol: 1e-5));

        var (moment, row, column) = (5L, 3, 1);
        clips[0, .., (int)moment, (row * patch)..((row + 1) * patch), (column * patch)..((column + 1) * patch)].normal_();
        var change = (model.forward_map(clips) - before).abs().amax([0L, 4]);                       // (T', H', W')
        long perMoment = 8 / before.shape[1];
        Assert.True(change[moment / perMoment, row, column].Number() > 0.1);
        change[moment / perMoment, row, column] = 0;
        Assert.True(change.max().Number() < 1e-4);
    }

    private static int Patch(string name) => ((TransformerConfig)models[name]).PatchSize;
}
