using PuppeteerSharp;
using TimeSformer.Checkpoints;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Notebooks.Attention;
using static TorchSharp.torch;

namespace TimeSformer.Tests;

/// <summary>The page of <c>attention</c>, driven as a reader drives it.</summary>
public sealed class AttentionPageTests(Browser browser) : FolderTests, IClassFixture<Browser>
{
    private static readonly Dictionary<string, VideoModelConfig> models = new()
    {
        ["divided"] = TimeSformerConfig.Tiny with { NumFrames = 4, NumClasses = 3 },
        ["joint"] = TimeSformerConfig.Tiny with { NumFrames = 4, NumClasses = 3, Attention = AttentionScheme.JointSpaceTime },
        ["space-only"] = TimeSformerConfig.Tiny with { NumFrames = 4, NumClasses = 3, Attention = AttentionScheme.SpaceOnly },
        ["factorized ViViT"] = ViViTConfig.Tiny with { NumFrames = 4, NumClasses = 3, Encoder = ViViTEncoder.Factorized },
        ["VideoMAE"] = VideoMaeConfig.Tiny with { NumFrames = 4, NumClasses = 3 },
        ["I3D"] = I3DConfig.Small with { NumFrames = 4, NumClasses = 3, ImageSize = 32 },
    };

    public static TheoryData<string> Names => [.. models.Keys];

    [SkippableTheory, MemberData(nameof(Names))]
    public async Task Every_view_of_every_model_opens_wide_and_narrow_light_and_dark(string name)
    {
        using var clip = Explained(name);
        foreach (var (width, dark) in new[] { (1280, false), (360, true) })
        {
            await using var page = await Open(clip, width, dark);
            int views = await page.Value<int>("document.querySelectorAll('#views button').length");
            Assert.Equal(clip.Attention is null ? 1 : 3, views);
            for (int view = 1; view <= views; view++)
            {
                await page.Page.ClickAsync($"#views button:nth-child({view})");
                Assert.Equal("true", await page.Value<string>($"document.querySelector('#views button:nth-child({view})').ariaPressed"));
                Assert.Equal(0, await page.Overflow());
            }
        }
    }

    [SkippableTheory]
    [InlineData("divided"), InlineData("joint"), InlineData("space-only"), InlineData("factorized ViViT"), InlineData("VideoMAE")]
    public async Task The_pages_weights_are_the_librarys_of_every_block_head_and_step(string name)
    {
        using var clip = Explained(name);
        await using var page = await Open(clip);
        using var scope = NewDisposeScope();
        var record = clip.Attention!;
        foreach (var map in record.Maps)
        {
            var dense = map.Dense()[0];                                                               // (A, S, S)
            foreach (int query in new[] { 0, record.ClassTokens, record.Count - 1 })
            {
                var expected = dense[1, query].data<float>().ToArray();
                var shown = await page.Value<Dictionary<string, float>>($"weights({query}, {map.Block}, 2, '{map.Step}')");
                Assert.Equal(record.Count, shown.Count);
                // Bytes are 255 times the roots.
                Assert.All(expected.Index(), weight =>
                    Assert.InRange(Math.Sqrt(shown[$"{weight.Index}"]) - Math.Sqrt(weight.Item), -0.5 / 254, 0.5 / 254));
            }
        }
    }

    [SkippableFact]
    public async Task A_click_on_a_patch_shows_what_it_attends_to()
    {
        using var clip = Explained("divided");
        await using var page = await Open(clip);
        await Click(page.Page, ".frame:nth-child(3) canvas", 0.9, 0.1);
        var reading = await page.Value<string>("document.getElementById('reading').textContent");
        Assert.StartsWith("The patch in row 1, column 4 of frame 3 gives", reading, StringComparison.Ordinal);
        Assert.Equal("patch", await page.Value<string>("state.view"));
        // Over time alone it sees the same place only.
        await page.Page.ClickAsync("#steps button[value=time]");
        var seen = await page.Value<string>(
            "[...weights(state.query, 3, 0, 'time')].map((weight, key) => weight > 0 ? key : 0).filter(key => key > 0).join()");
        Assert.Equal("13,14,15,16", seen);
        await page.Page.ClickAsync("#tokens button");
        reading = await page.Value<string>("document.getElementById('reading').textContent");
        Assert.Equal("the class token takes no part in this step.", reading);
    }

    [SkippableFact]
    public async Task Keys_move_the_patch_and_change_block_head_and_frame()
    {
        using var clip = Explained("divided");
        await using var page = await Open(clip);
        await page.Page.FocusAsync("#frames");
        foreach (var key in new[] { "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", ".", "b", "h", "h" })
        {
            await page.Page.Keyboard.PressAsync(key);
        }
        Assert.Equal("1 of 4|2 of 4|frame 4", await page.Value<string>(
            "[blockValue, headValue, timeValue].map(output => output.textContent).join('|')"));
        var reading = await page.Value<string>("document.getElementById('reading').textContent");
        Assert.StartsWith("The patch in row 2, column 1 of frame 4 gives", reading, StringComparison.Ordinal);
        await page.Page.Keyboard.PressAsync(" ");
        Assert.True(await page.Value<bool>("state.playing"));
        await page.Page.WaitForFunctionAsync("() => state.time !== 3");
        await page.Page.Keyboard.PressAsync(" ");
        Assert.False(await page.Value<bool>("state.playing"));
    }

    [SkippableFact]
    public async Task Sliders_and_the_table_of_heads_choose_block_and_head()
    {
        using var clip = Explained("joint");
        await using var page = await Open(clip);
        await page.Page.ClickAsync("#views button:last-child");
        await page.Page.FocusAsync("#block");
        await page.Page.Keyboard.PressAsync("Home");
        await page.Page.FocusAsync("#head");
        await page.Page.Keyboard.PressAsync("End");
        Assert.Equal("0 4", await page.Value<string>("`${state.block} ${state.head}`"));
        await Click(page.Page, "#matrix", 0.6, 0.3);
        Assert.Equal("2 1", await page.Value<string>("`${state.block} ${state.head}`"));
        await page.Page.FocusAsync("#time");
        await page.Page.Keyboard.PressAsync("End");
        Assert.Equal(3, await page.Value<int>("state.time"));
    }

    [SkippableFact]
    public async Task Names_in_a_page_are_text_whatever_they_are()
    {
        using var clip = Explained("VideoMAE") with { Title = "</script><script>DATA STYLE console.error('ran')</script>.mp4" };
        await using var page = await Open(clip);
        Assert.Equal(clip.Title, await page.Value<string>("document.querySelector('h1').textContent"));
        Assert.Equal(clip.Title, await page.Value<string>("document.title"));
    }

    private async Task<BrowserPage> Open(ClipExplanation clip, int width = 1280, bool dark = false)
    {
        var file = folder.File("page.html");
        AttentionPage.Save(clip, file);
        var page = await browser.Open(file, width, dark);
        await page.Page.EvaluateExpressionAsync("ready");
        return page;
    }

    // At a place of an element, as fractions of its sides.
    private static async Task Click(IPage page, string selector, double right, double down)
    {
        await using var element = await page.QuerySelectorAsync(selector);
        await element.ScrollIntoViewAsync();
        var box = await element.BoundingBoxAsync();
        await page.Mouse.ClickAsync(box.X + ((decimal)right * box.Width), box.Y + ((decimal)down * box.Height));
    }

    private static ClipExplanation Explained(string name)
    {
        manual_seed(8);
        using var model = models[name].Create();
        using (no_grad())
        {
            foreach (var parameter in model.parameters().Where(parameter => parameter.dim() > 1)) nn.init.normal_(parameter, 0, 0.15);
        }
        using var frames = randint(0, 256, new long[] { 4, 32, 32, 3 }, ScalarType.Byte);
        return ClipExplanation.Of("a clip", model, new ModelInfo(model.Config, ["left", "right", "up"], 2), frames);
    }
}
