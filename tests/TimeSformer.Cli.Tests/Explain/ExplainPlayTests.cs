namespace TimeSformer.Tests;

/// <summary>What a reader can do in the page of <c>./timesformer explain</c>, with the trained model of the demo in it.</summary>
public sealed class ExplainPlayTests(Browser browser) : FolderTests, IClassFixture<Browser>
{
    private const int Frames = 8, FrameBytes = 32 * 32 * 3;
    private const byte Gray = 115;                                                                    // 255 · 0.45, zero to the model

    private static readonly string trained = Path.Combine(Repository.Root, "data", "models", "motion-tiny");

    private async Task<BrowserPage> Open(int width = 1280, bool dark = false, bool reducedMotion = false)
    {
        var file = folder.Write("page.html", Notebooks.Explain.ExplainPage.Html([trained]));
        var page = await browser.Open(file, width, dark, reducedMotion);
        await page.Settle();
        return page;
    }

    private static async Task<byte[][]> Clip(BrowserPage page) => [.. (await page.Clip()).Chunk(FrameBytes)];

    private static Task<string> Text(BrowserPage page, string element) =>
        page.Value<string>($"document.querySelector('{element}').textContent");

    private static async Task Experiment(BrowserPage page, string title)
    {
        await page.Value<object?>(
            $"[...document.querySelectorAll('.experiment button')].find(button => button.textContent === '{title}').click()");
        await page.Settle();
    }

    private static async Task Press(BrowserPage page, params string[] keys)
    {
        await page.Page.FocusAsync("#strip");
        foreach (var key in keys) await page.Page.Keyboard.PressAsync(key);
        await page.Settle();
    }

    // A patch's bytes in a frame (32, 32, 3).
    private static IEnumerable<byte> Patch(byte[] frame, int row, int column) =>
        Enumerable.Range(0, 8).SelectMany(y => frame.Skip(((((row * 8) + y) * 32) + (column * 8)) * 3).Take(8 * 3));

    [SkippableFact]
    public async Task The_model_tells_all_eight_motions_of_several_shapes()
    {
        await using var page = await Open();
        for (int scene = 1; scene <= 5; scene++)
        {
            foreach (var (label, motion) in TinyModels.Motions.Index())
            {
                await page.Do($"newScene({scene}); choose({label})");
                Assert.StartsWith(motion, await Text(page, "#verdict"));
            }
        }
    }

    [SkippableTheory]
    [InlineData(-0.5, 0, "moving left")]
    [InlineData(0, -0.5, "moving up")]
    [InlineData(0, 0.5, "moving down")]
    public async Task Dragging_the_shape_draws_a_path_whose_motion_the_model_tells(double right, double down, string motion)
    {
        await using var page = await Open(reducedMotion: true);
        var before = await Clip(page);
        double x = 0.5 - (right / 2), y = 0.5 - (down / 2);
        var box = await (await page.Page.QuerySelectorAsync("#stage")).BoundingBoxAsync();
        Task Move(double part) => page.Page.Mouse.MoveAsync(
            box.X + (box.Width * (decimal)(x + (part * right))), box.Y + (box.Height * (decimal)(y + (part * down))));
        await page.Do($"newScene(4); follow(drawnPath(shapes[1], {{ x: {x}, y: {y}, radius: 0.2, angle: 0 }}, [[{x}, {y}]])); changed()");
        await Move(0);
        await page.Page.Mouse.DownAsync();
        var said = new HashSet<string>();
        for (int k = 1; k <= 20; k++)
        {
            await Move(k / 20.0);
            await page.Settle();
            said.Add(string.Join(' ', await page.Value<float[]>("[...state.answer.logits]")));
        }
        await page.Page.Mouse.UpAsync();
        Assert.Equal(20, said.Count);                                                                 // each move has its own answer
        Assert.StartsWith(motion, await Text(page, "#verdict"));
        var clip = await Clip(page);
        Assert.Equal(Frames, clip.Select(Convert.ToBase64String).Distinct().Count());
        Assert.NotEqual(before, clip);
    }

    [SkippableFact]
    public async Task Reversed_time_reverses_the_frames_and_the_motion()
    {
        await using var page = await Open();
        var before = await Clip(page);
        await Experiment(page, "Reverse time");
        Assert.Equal(before.Reverse(), await Clip(page));
        Assert.Matches(@"^Reverse time: moving right, .* → moving left, ", await Text(page, "#outcome"));
    }

    [SkippableFact]
    public async Task Shuffled_frames_are_the_same_in_another_order()
    {
        await using var page = await Open();
        var before = await Clip(page);
        await Experiment(page, "Shuffle the frames");
        var after = await Clip(page);
        Assert.NotEqual(before, after);
        Assert.Equal(before.Select(Convert.ToBase64String).Order(), after.Select(Convert.ToBase64String).Order());
    }

    [SkippableFact]
    public async Task Stopped_time_repeats_the_first_frame()
    {
        await using var page = await Open();
        var first = (await Clip(page))[0];
        await Experiment(page, "Stop time");
        Assert.All(await Clip(page), frame => Assert.Equal(first, frame));
    }

    [SkippableFact]
    public async Task The_button_under_a_frame_holds_the_one_before_then_blanks_it_then_shows_it()
    {
        await using var page = await Open();
        var before = await Clip(page);
        async Task<byte[]> Third()
        {
            await page.Page.ClickAsync(".frame:nth-child(3) .slot");
            await page.Settle();
            return (await Clip(page))[2];
        }
        Assert.Equal(before[1], await Third());
        Assert.All(await Third(), value => Assert.Equal(Gray, value));
        Assert.Equal(before[2], await Third());
    }

    [SkippableFact]
    public async Task The_shape_is_hidden_in_one_frame_by_masks_that_can_be_undone()
    {
        await using var page = await Open();
        var before = await Clip(page);
        await Experiment(page, "Hide the shape in one frame");
        var after = await Clip(page);
        Assert.Equal([3], Enumerable.Range(0, Frames).Where(t => !before[t].SequenceEqual(after[t])));
        Assert.True(after[3].Max() < before[3].Max());                                                // the shape is bright
        await page.Page.ClickAsync("#reset");
        await page.Settle();
        Assert.Equal(before, await Clip(page));
    }

    [SkippableFact]
    public async Task A_click_masks_a_patch_where_clicks_mask_and_M_does_from_the_keyboard()
    {
        await using var page = await Open();
        await page.Page.ClickAsync("#tool-choice input[value=true]");
        await page.Page.ClickAsync(".frame:nth-child(2) .patch:nth-child(6)");                        // row 1, column 1
        await page.Settle();
        Assert.All(Patch((await Clip(page))[1], 1, 1), value => Assert.Equal(Gray, value));
        await page.Page.ClickAsync("#tool-choice input[value=false]");
        await page.Page.ClickAsync(".frame:nth-child(7) .patch:nth-child(1)");
        await Press(page, "m");
        Assert.All(Patch((await Clip(page))[6], 0, 0), value => Assert.Equal(Gray, value));
        await Press(page, "m");
        Assert.Contains(Patch((await Clip(page))[6], 0, 0), value => value != Gray);
    }

    [SkippableFact]
    public async Task A_stroke_masks_all_patches_on_its_way()
    {
        await using var page = await Open(reducedMotion: true);
        await page.Page.ClickAsync("#tool-choice input[value=true]");
        foreach (int n in new[] { 9, 10, 11, 12 })                                                    // row 2
        {
            var box = await (await page.Page.QuerySelectorAsync($".frame:nth-child(5) .patch:nth-child({n})")).BoundingBoxAsync();
            await page.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
            if (n == 9) await page.Page.Mouse.DownAsync();
        }
        await page.Page.Mouse.UpAsync();
        await page.Settle();
        var fifth = (await Clip(page))[4];
        Assert.All(Enumerable.Range(0, 4), column => Assert.All(Patch(fifth, 2, column), value => Assert.Equal(Gray, value)));
        Assert.Contains(Patch(fifth, 1, 0), value => value != Gray);
    }

    [SkippableFact]
    public async Task A_patch_is_asked_by_a_click_and_from_the_keyboard()
    {
        await using var page = await Open();
        await page.Page.ClickAsync(".frame:nth-child(2) .patch:nth-child(4)");                        // row 0, column 3
        Assert.StartsWith("The patch in frame 2, row 1, column 4, block 1", await Text(page, "#reading"));
        await Press(page, "ArrowDown");
        Assert.StartsWith("The patch in frame 2, row 2, column 4", await Text(page, "#reading"));
        await Press(page, "ArrowRight");                                                              // past the edge: the next frame
        Assert.StartsWith("The patch in frame 3, row 2, column 1", await Text(page, "#reading"));
        await Press(page, "PageDown", "ArrowUp", "ArrowUp");
        Assert.StartsWith("The patch in frame 4, row 1, column 1", await Text(page, "#reading"));
        var active = await page.Value<string>("$($('strip').getAttribute('aria-activedescendant')).getAttribute('aria-label')");
        Assert.StartsWith("frame 4, row 1, column 1", active);
        await Press(page, "c");
        Assert.StartsWith("The class token, block 1", await Text(page, "#reading"));
        Assert.Contains("time: takes no part", await Text(page, "#reading"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Block_and_head_choose_the_attention_that_the_patches_show()
    {
        await using var page = await Open();
        await page.Page.ClickAsync(".frame:nth-child(3) .patch:nth-child(7)");                        // frame 2, place 6
        await page.Page.ClickAsync("#block-choice input[value='2']");
        await page.Page.ClickAsync("#head-choice input[value='3']");
        const string step = "state.answer.blocks[2].steps";
        var time = await page.Value<double[]>($"[...{step}[0].weights[6].subarray((3 * 8 + 2) * 8, (3 * 8 + 3) * 8)]");
        var space = await page.Value<double[]>($"[...{step}[1].weights[2].subarray((3 * 17 + 7) * 17, (3 * 17 + 8) * 17)]");
        for (int t = 0; t < Frames; t++)
        {
            var shown = await Text(page, $".frame:nth-child({t + 1}) .patch:nth-child(7)");
            Assert.Equal(t == 2 ? $"{Round(time[t])} {Round(space[7])}" : $"{Round(time[t])}", shown);
        }
        for (int n = 0; n < 16; n++)
        {
            if (n != 6) Assert.Equal($"{Round(space[n + 1])}", await Text(page, $".frame:nth-child(3) .patch:nth-child({n + 1})"));
        }
        var table = await page.Value<string[]>("[...document.querySelectorAll('.attention .weight')].map(cell => cell.textContent)");
        Assert.Equal(time.Select(weight => $"{100 * weight:0.0} %"), table);

        static double Round(double weight) => Math.Floor((100 * weight) + 0.5);
    }

    [SkippableTheory]
    [InlineData("embedding", "From pixels to a token", "equation 1")]
    [InlineData("MLP", "Block 1, MLP", "equation 9")]
    [InlineData("space attention", "Block 1, space attention, head 1", "equation 6")]
    [InlineData("classes", "From the class token to classes", "equation 10")]
    public async Task Each_part_opens_with_its_equation(string part, string title, string equation)
    {
        await using var page = await Open();
        await page.Value<object?>(
            $"[...document.querySelectorAll('#pipeline button')].find(button => button.firstChild.textContent === '{part}').click()");
        Assert.Equal(title, await Text(page, "#detail h3"));
        Assert.Contains(equation, await Text(page, "#detail"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_scheme_without_weights_shows_whom_a_patch_sees_and_no_answer()
    {
        await using var page = await Open();
        await page.Page.ClickAsync("#scheme-choice input[value=axial]");
        await page.Settle();
        Assert.Contains("weights of its own", await Text(page, "#pattern"), StringComparison.Ordinal);
        Assert.Equal("This scheme's weights are not in the page.", await Text(page, "#verdict"));
        Assert.Equal(8 + 3 + 3, await page.Value<int>("document.querySelectorAll('.patch:not(.unseen)').length"));
        Assert.Equal("", await page.Value<string>("cells.map(cell => cell.textContent).join('')"));
    }

    [SkippableTheory]
    [InlineData(1280, false)]
    [InlineData(360, false)]
    [InlineData(360, true)]
    public async Task No_part_is_wider_than_the_window(int width, bool dark)
    {
        await using var page = await Open(width, dark);
        Assert.Equal(0, await page.Overflow());
        foreach (var kind in new[] { "{kind: 'embed'}", "{kind: 'mlp', block: 3}", "{kind: 'step', step: 1, block: 2}", "{kind: 'head'}" })
        {
            await page.Value<object?>($"(state.part = {kind}, asked())");
            Assert.Equal(0, await page.Overflow());
        }
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_moves_by_itself_for_who_prefers_that(bool reducedMotion)
    {
        await using var page = await Open(reducedMotion: reducedMotion);
        const string moves = """
            new Promise(done => {
              const was = state.time, end = performance.now() + 1500;
              const look = () => (state.time !== was ? done(true) : performance.now() > end ? done(false) : setTimeout(look, 20));
              look();
            })
            """;
        Assert.Equal(!reducedMotion, await page.Value<bool>(moves));
        await page.Page.ClickAsync("#play");
        Assert.Equal(reducedMotion, await page.Value<bool>(moves));
    }
}
