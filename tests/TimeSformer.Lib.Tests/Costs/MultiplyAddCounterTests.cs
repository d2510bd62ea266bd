using TimeSformer.Costs;

namespace TimeSformer.Tests.Costs;

/// <summary>Counts by hooks against published figures, against the model of TimeSformer's costs, and against sums by hand.</summary>
public sealed class MultiplyAddCounterTests : TensorTests
{
    [Theory, Each<AttentionScheme>]
    public void Each_layer_of_TimeSformer_costs_what_the_cost_model_says(AttentionScheme scheme)
    {
        // The clip is not square, its frame count is odd, and its sizes are not those of the embeddings.
        var tiny = TimeSformerConfig.Tiny with { Attention = scheme };
        AssertSame(CostModel.Of(tiny), MultiplyAddCounter.Of(tiny));
        AssertSame(CostModel.Of(tiny, 5, 24, 56), MultiplyAddCounter.Of(tiny, 5, 24, 56));
        var two = TimeSformerConfig.Base with { Attention = scheme, Depth = 2 };
        AssertSame(CostModel.Of(two), MultiplyAddCounter.Of(two));
    }

    [Fact]
    public void The_whole_base_model_costs_what_the_cost_model_says() =>
        AssertSame(CostModel.Of(TimeSformerConfig.Base), MultiplyAddCounter.Of(TimeSformerConfig.Base));

    // Arnab et al. 2021 (ViViT), table 2, models 1 and 2; Tong et al. 2022 (VideoMAE), the ViT-B of 16x224x224; timm's ViT-B/16, 17.58 G an
    // image, on 8 frames. Blocks are alike, so two models of one and two blocks tell those of twelve.
    [Theory]
    [InlineData("vivit-b", 455.2)]
    [InlineData("vivit-b-factorized", 284.4)]
    [InlineData("videomae-b", 180)]
    [InlineData("vit-b", 8 * 17.58)]
    public void Transformers_cost_what_is_published(string preset, double giga)
    {
        var config = (TransformerConfig)Preset.Find(preset)!.Model;
        long Of(int depth) => MultiplyAddCounter.Of(config with { Depth = depth }).Sum(layer => layer.MultiplyAdds);
        long one = Of(1), two = Of(2);
        Assert.InRange((one + ((config.Depth - 1) * (two - one))) / 1e9 / giga, 0.98, 1.02);
    }

    // facebookresearch/pytorchvideo, docs/source/model_zoo.md, Kinetics-400, "Flops (G)" of one view; its test crops have 256 pixels.
    // The last row is this count to its last digit, the others are 1.1 and 1.6 % above it.
    [Theory]
    [InlineData("i3d", 37.53)]
    [InlineData("slowfast 4x16", 36.69)]
    [InlineData("slowfast 8x8", 65.71)]
    public void Convolutional_models_cost_what_is_published(string name, double giga)
    {
        VideoModelConfig config = name switch
        {
            "i3d" => I3DConfig.Base,
            "slowfast 4x16" => SlowFastConfig.FourFrames,
            _ => SlowFastConfig.EightFrames,
        };
        var layers = MultiplyAddCounter.Of(config, config.NumFrames, 256, 256);
        Assert.InRange(layers.Sum(layer => layer.MultiplyAdds) / 1e9, 0.98 * giga, 1.02 * giga);
    }

    [Fact]
    public void A_recurrent_layer_costs_its_matrices_once_per_frame()
    {
        using var model = new CnnGru(CnnGruConfig.Small with { NumClasses = 5 });
        model.train();
        var layers = MultiplyAddCounter.Of(model, zeros([3, 3, 7, 40, 32])).ToDictionary(layer => layer.Name);
        Assert.Equal(7 * 3 * 16 * (128 + 16), layers["gru1"].MultiplyAdds);
        Assert.Equal(3 * 16 * (128 + 16 + 2), layers["gru1"].Parameters);
        Assert.Equal(7 * 20 * 16 * 16 * 49 * 3, layers["backbone.conv1"].MultiplyAdds);
        Assert.Equal(8 * 5, layers["head"].MultiplyAdds);
        Assert.Equal(32, layers["backbone.bn1"].Parameters);
        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), layers.Values.Sum(layer => layer.Parameters));
        Assert.True(model.training);
        Assert.Equal(layers.Values, MultiplyAddCounter.Of(model, zeros([1, 3, 7, 40, 32]))); // hooks of the first count are gone
    }

    private static void AssertSame(ModelCost expected, IReadOnlyList<LayerCost> counted)
    {
        static IEnumerable<(string, long)> Costs(IEnumerable<LayerCost> layers) =>
            layers.Where(layer => layer.MultiplyAdds > 0).Select(layer => (layer.Name, layer.MultiplyAdds)).Order();
        Assert.Equal(Costs(expected.Layers), Costs(counted));
        Assert.Equal(expected.Parameters, counted.Sum(layer => layer.Parameters));
    }
}
