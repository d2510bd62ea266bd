using TimeSformer.Checkpoints;
using TimeSformer.Interpretation;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Tests;

/// <summary>The model in the page is the library's: the same scores and attention for clips that are made in the page.</summary>
public sealed class ExplainPageTests(Browser browser) : FolderTests, IClassFixture<Browser>
{
    private const double Tolerance = 1e-4;

    // A motion as it was drawn; another shape with frames reversed, held and blank; a clip with masks.
    private static readonly string[] clips =
    [
        "choose(4)",
        "newScene(7); choose(6); state.order.reverse(); state.slots[2] = 'held'; state.slots[5] = 'blank'; changed()",
        "newScene(3); choose(1); hideShape(3); changed()",
    ];

    private sealed record Group(int[] Rows, float[] Weights);

    public static TheoryData<AttentionScheme> Schemes => [.. Enum.GetValues<AttentionScheme>()];

    [SkippableTheory]
    [MemberData(nameof(Schemes))]
    public async Task Scores_and_attention_equal_the_librarys(AttentionScheme scheme)
    {
        var checkpoint = TinyModels.Write(folder.File("model"), TinyModels.Sizes(scheme));
        await using var page = await Open(checkpoint);
        using var model = Checkpoint.LoadModel(checkpoint).Model;
        foreach (var clip in clips)
        {
            await page.Do(clip);
            await AssertEqual(page, model);
        }
    }

    [SkippableFact]
    public async Task With_several_schemes_they_equal_the_librarys_with_weights_rounded_alike()
    {
        string[] checkpoints = [.. Enum.GetValues<AttentionScheme>().Select(scheme =>
            TinyModels.Write(folder.File($"{scheme}"), TinyModels.Sizes(scheme)))];
        await using var page = await Open(checkpoints);
        foreach (var path in checkpoints)
        {
            using var model = Checkpoint.LoadModel(path).Model;
            Round(model);
            await page.Page.ClickAsync($"#scheme-choice input[value={RecipeFile.NameOf(((TimeSformerConfig)model.Config).Attention)}]");
            await page.Settle();
            await AssertEqual(page, model);
        }
    }

    [SkippableFact]
    public async Task Where_frames_do_not_see_each_other_their_order_does_not_matter()
    {
        await using var page = await Open(TinyModels.Write(folder.File("model"), TinyModels.Sizes(AttentionScheme.SpaceOnly)));
        await page.Do("choose(0)");
        var forward = await page.Value<float[]>("[...state.answer.logits]");
        await page.Do("state.order.reverse(); changed()");
        using var expected = tensor(forward);
        AssertClose(expected, await page.Value<float[]>("[...state.answer.logits]"));
    }

    private async Task<BrowserPage> Open(params string[] checkpoints)
    {
        var page = await browser.Open(folder.Write("page.html", Notebooks.Explain.ExplainPage.Html(checkpoints)));
        await page.Settle();
        return page;
    }

    private static void Round(VideoModel model)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var weight in model.parameters()) weight.copy_(weight.to_type(ScalarType.Float16));
    }

    private static async Task AssertEqual(BrowserPage page, VideoModel model)
    {
        var bytes = await page.Clip();
        var logits = await page.Value<float[]>("[...state.answer.logits]");
        var steps = await page.Value<Group[][]>("""
            state.answer.blocks.flatMap(block => block.steps).map(({ groups, weights }) =>
              groups.map((rows, g) => ({ rows, weights: [...weights[g]] })))
            """);

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var clip = ClipNormalization.Default.Apply(tensor(bytes, [1, 8, 32, 32, 3], ScalarType.Byte));
        using var record = AttentionRecorder.Record(model, clip);
        AssertClose(record.Logits, logits);
        Assert.Equal(record.Maps.Count, steps.Length);
        foreach (var (map, groups) in record.Maps.Zip(steps)) AssertEqual(map, groups);
    }

    private static void AssertEqual(AttentionMap map, Group[] groups)
    {
        var theirs = map.Groups.SelectMany(each =>
            Enumerable.Range(0, (int)each.Tokens.shape[0]).Select(g => (Tokens: each.Tokens[g], Weights: each.Weights[0, g]))).ToList();
        Assert.Equal(theirs.Count, groups.Length);
        foreach (var ((tokens, weights), group) in theirs.Zip(groups))
        {
            Assert.Equal(tokens.data<long>(), group.Rows.Select(row => (long)row));
            AssertClose(weights, group.Weights);
        }
    }

    private static void AssertClose(Tensor expected, float[] actual)
    {
        using var differences = (expected.reshape(-1) - tensor(actual)).abs();
        Assert.InRange(differences.max().ToDouble(), 0, Tolerance);
    }
}
