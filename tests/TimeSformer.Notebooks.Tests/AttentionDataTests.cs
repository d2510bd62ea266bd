using TimeSformer.Interpretation;
using TimeSformer.Models.Attention;
using TimeSformer.Notebooks.Attention;
using static TorchSharp.torch;

namespace TimeSformer.Tests;

public sealed class AttentionDataTests
{
    [Fact]
    public void A_clip_of_32_frames_of_the_base_model_fits_a_page_of_10_megabytes()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var grid = new TokenGrid(1, 32, 14, 14);
        // One block's weights stand for those of twelve: what repeats is too far apart to be compressed.
        AttentionMap Of(int block, string step, AttentionGroup group) => new(block, step, 1 + (32 * 196), [group]);
        var places = TokenGroups.Time(grid, CPU)[0].add(1);
        var frames = TokenGroups.Frame(grid, CPU)[0].add(1);
        AttentionGroup time = new(places, randn([1, 196, 12, 32, 32]).mul(2).softmax(-1));
        AttentionGroup space = new(cat([zeros(32, 1, ScalarType.Int64), frames], 1), randn([1, 32, 12, 197, 197]).mul(2).softmax(-1));
        var maps = Enumerable.Range(0, 12).SelectMany(block => new[] { Of(block, "time", time), Of(block, "space", space) });
        using var record = new AttentionRecord(zeros(1, 2), grid, 1, 1, [.. maps]);
        using var clip = new ClipExplanation(
            "base", randint(0, 256, new long[] { 32, 224, 224, 3 }, ScalarType.Byte), [new(0, "a", 1)], 0,
            [new(RelevanceMethod.Rollout, rand(32, 14, 14))], record);
        var page = AttentionPage.Html(clip);
        Assert.InRange(page.Length, 1_000_000, 10_000_000);
    }

    [Fact]
    public void Cells_of_several_patches_have_the_mean_row_and_the_summed_columns_of_their_tokens()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var weights = rand([1, 1, 2, 5, 5]).softmax(-1);
        var map = new AttentionMap(0, "space-time", 5, [new(arange(5, ScalarType.Int64).view(1, 5), weights)]);
        var pooled = map.Pool(tensor(new long[] { 0, 1, 1, 1, 2 }), 3, tensor(new long[] { 0, 1, 1, 2, 2 }), 3);
        Assert.Equal([1, 2, 3, 3], pooled.shape);
        var expected = weights[0, 0, .., 1..4].mean([1L]);                                           // (A, 5), of the middle cell
        Assert.True(pooled[0, .., 1, 1].allclose(expected[.., 1] + expected[.., 2]));
        Assert.True(pooled.sum([-1L]).allclose(ones(1, 2, 3)));
    }
}
