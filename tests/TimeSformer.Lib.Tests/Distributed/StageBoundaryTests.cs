using TimeSformer.Distributed;

namespace TimeSformer.Tests.Distributed;

/// <summary>What stands between the blocks of a model whose gradients are summed while the backward pass goes on.</summary>
public sealed class StageBoundaryTests() : TensorTests(gradients: true)
{
    [Theory]
    [InlineData(2, 32, 8), InlineData(1, 112, 16), InlineData(2, 112, 16)]
    public void Gradients_are_those_without_it_and_complete_when_it_is_reached(int clips, int side, int patch)
    {
        foreach (var scheme in Enum.GetValues<AttentionScheme>())
        {
            manual_seed(1);
            var size = TimeSformerConfig.Tiny with { ImageSize = side, PatchSize = patch, EmbedDim = 192, NumHeads = 3 };
            var config = size with { NumClasses = 5, Attention = scheme };
            using var model = new TimeSformerModel(config);
            var x = randn([clips, 3, config.NumFrames, side, side]);
            var expected = Gradients(model, x);
            var early = new Dictionary<string, Tensor>();
            List<Action> unwatch = [];
            foreach (var (index, block) in model.Blocks.Index())
            {
                void Keep()
                {
                    foreach (var (name, weight) in block.named_parameters())
                    {
                        if (weight.grad is { } known) early[$"blocks.{index}.{name}"] = known.clone();
                    }
                }
                unwatch.Add(block.register_forward_pre_hook((_, tokens, grid) => (StageBoundary.Mark(tokens, Keep), grid)).remove);
            }
            var actual = Gradients(model, x);
            foreach (var remove in unwatch) remove();
            Assert.All(expected, gradient => AssertSame(gradient.Value, actual[gradient.Key]));
            var ofBlocks = expected.Where(gradient => gradient.Key.StartsWith("blocks.")).ToList();
            Assert.NotEmpty(ofBlocks);
            Assert.All(ofBlocks, gradient => AssertSame(gradient.Value, early[gradient.Key]));
        }
    }

    private static void AssertSame(Tensor expected, Tensor actual) => Assert.True(expected.equal(actual).all().item<bool>());

    private static Dictionary<string, Tensor> Gradients(VideoModel model, Tensor clips)
    {
        foreach (var weight in model.parameters()) weight.grad = null;
        using var loss = model.call(clips).square().sum();
        loss.backward();
        return model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.grad!.clone());
    }
}
