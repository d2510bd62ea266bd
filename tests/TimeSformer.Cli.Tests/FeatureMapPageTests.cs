using OpenCvSharp;
using TimeSformer.Features;
using TimeSformer.Notebooks;
using TimeSformer.Notebooks.FeatureMaps;
using static TorchSharp.torch;

namespace TimeSformer.Tests;

/// <summary>The page of <c>map</c>, driven as a reader drives it: two panels of 24 videos of 3 classes, one of them with 23.</summary>
public sealed class FeatureMapPageTests(FeatureMapPageTests.Drawn drawn, Browser browser)
    : FolderTests, IClassFixture<FeatureMapPageTests.Drawn>, IClassFixture<Browser>
{
    private const string Reading = "document.getElementById('reading').textContent";

    [SkippableTheory, InlineData(1280, false), InlineData(360, true)]
    public async Task The_page_fits_wide_and_narrow_light_and_dark(int width, bool dark)
    {
        await using var page = await Open(width: width, dark: dark);
        foreach (var view in new[] { "PCA", "t-SNE" })
        {
            await page.Page.ClickAsync($"#views button[value={view}]");
            Assert.Equal(view, await page.Value<string>("document.querySelector('#views [aria-pressed=true]').textContent"));
            Assert.Equal(0, await page.Overflow());
        }
        Assert.Equal("vit,divided", await page.Value<string>("[...document.querySelectorAll('h2')].map(one => one.textContent).join()"));
    }

    [Fact]
    public void The_probes_accuracy_is_that_of_the_classes_it_takes_videos_for() => Assert.All(drawn.Map.Panels, panel =>
    {
        double percent = panel.Videos.Zip(panel.Predicted).Average(pair => pair.First.Label == pair.Second ? 100.0 : 0);
        Assert.StartsWith($"linear probe: {percent:0.0} % of {panel.Videos.Count} videos", panel.Probe, StringComparison.Ordinal);
    });

    [Fact]
    public void Progress_reaches_a_hundred_percent_and_cancelling_ends_the_work()
    {
        using var scope = NewDisposeScope();
        using var features = Drawn.Features([.. drawn.Map.Videos.Select(video => video.Path)], spread: 1);
        List<int> percent = [];
        FeaturePanel.Of("vit", features, progress: new Observer(percent.Add));
        Assert.Equal(percent.Order(), percent);
        Assert.Equal((0, 100), (percent[0], percent[^1]));
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => FeaturePanel.Of(
            "vit", features, progress: new Observer(done => { if (done > 50) source.Cancel(); }), cancel: source.Token));
    }

    [Fact]
    public void Classes_of_panels_are_matched_by_name()
    {
        var vit = drawn.Map.Panels[0];
        FeaturePanel part = vit with { Videos = [.. vit.Videos.Take(6)] }, turned = vit with
        {
            Classes = ["class of 2", "class of 0", "class of 1"],
            Videos = [.. vit.Videos.Select(video => video with { Label = (video.Label + 1) % 3 })],
        };
        Assert.Equal(vit.Videos, FeatureMap.Of([part, turned]).Videos);
        Assert.Equal(vit.Classes, FeatureMap.Of([part, turned]).Classes);
        Assert.Equal(turned.Videos, FeatureMap.Of([turned, part]).Videos);
    }

    [SkippableFact]
    public async Task Pointing_at_a_video_shows_its_frames_and_where_it_is_in_all_panels()
    {
        await using var page = await Open();
        var before = await Pictures(page);
        await Hover(page, panel: 0, video: 5);
        Assert.Equal("5 2 true true", await page.Value<string>(
            "`${state.video} ${videos[state.video].label} ${!strip.hidden} ${strip.src.startsWith('data:image/webp')}`"));
        Assert.StartsWith("class of 2 · r1_5.mp4 · vit takes it for", await page.Value<string>(Reading), StringComparison.Ordinal);
        await page.Page.WaitForFunctionAsync("() => strip.complete && strip.naturalWidth > 0");
        Assert.Equal((6 * 96, 96), (await page.Value<int>("strip.naturalWidth"), await page.Value<int>("strip.naturalHeight")));
        Assert.All(before.Zip(await Pictures(page)), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [SkippableFact]
    public async Task The_frames_that_are_shown_are_the_videos()
    {
        await using var page = await Open();
        await page.Value<object?>("choose(7)");
        await page.Page.WaitForFunctionAsync("() => strip.complete && strip.naturalWidth > 0");
        // Video k is gray of level 10·k.
        var level = await page.Value<int>(
            "(() => { const c = document.createElement('canvas').getContext('2d'); c.drawImage(strip, 0, 0);"
            + " return c.getImageData(40, 40, 1, 1).data[0]; })()");
        Assert.InRange(level, 66, 74);
    }

    [SkippableFact]
    public async Task A_video_that_only_one_model_has_or_that_cannot_be_decoded_is_told()
    {
        await using var page = await Open();
        await page.Value<object?>("choose(23)");
        var said = await page.Value<string>(Reading);
        Assert.Contains("vit takes it for", said, StringComparison.Ordinal);
        Assert.DoesNotContain("divided takes", said, StringComparison.Ordinal);
        await page.Value<object?>("choose(0)");
        Assert.Contains("cannot be decoded", await page.Value<string>(Reading), StringComparison.Ordinal);
        Assert.True(await page.Value<bool>("strip.hidden"));
    }

    [SkippableFact]
    public async Task The_legend_hides_classes_and_a_hidden_video_cannot_be_pointed_at()
    {
        await using var page = await Open();
        await page.Page.ClickAsync("#classes button[value='2']");
        Assert.Equal("false", await page.Value<string>("document.querySelector(\"#classes button[value='2']\").ariaPressed"));
        await Hover(page, panel: 0, video: 5);
        Assert.NotEqual(2, await page.Value<int>("state.video < 0 ? -1 : videos[state.video].label"));
        await page.Page.ClickAsync("#none");
        Assert.Equal(3, await page.Value<int>("state.hidden.size"));
        await page.Page.ClickAsync("#all");
        await Hover(page, panel: 1, video: 5);
        Assert.Equal(5, await page.Value<int>("state.video"));
    }

    [SkippableFact]
    public async Task Arrow_keys_go_from_video_to_video_and_the_switch_moves_the_points()
    {
        await using var page = await Open();
        await page.Page.FocusAsync("#views button");
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("PCA", await page.Value<string>("state.view"));
        await page.Page.FocusAsync(".plot");
        int first = await page.Value<int>("state.video");
        Assert.InRange(first, 0, 23);
        double x = await page.Value<double>($"panels[0].places[{first}][0]");
        await page.Page.Keyboard.PressAsync("ArrowRight");
        int second = await page.Value<int>("state.video");
        Assert.True(await page.Value<double>($"panels[0].places[{second}][0]") > x);
        var there = await page.Value<double[]>($"panels[0].places[{second}]");
        await page.Page.ClickAsync("#views button[value=t-SNE]");
        Assert.NotEqual(there, await page.Value<double[]>($"panels[0].places[{second}]"));
        Assert.Equal(second, await page.Value<int>("state.video"));
    }

    [SkippableFact]
    public async Task Names_in_a_page_are_text_whatever_they_are()
    {
        const string odd = "</script><script>console.error('ran')</script>";
        var map = drawn.Map with { Panels = [drawn.Map.Panels[0] with { Title = odd }], Classes = [odd, "b", "c"] };
        await using var page = await Open(map);
        Assert.Equal(odd, await page.Value<string>("document.querySelector('h2').textContent"));
        Assert.Equal(odd, await page.Value<string>("document.querySelector('#classes span').textContent"));
    }

    [SkippableFact]
    public async Task A_notebook_has_the_page_in_a_frame()
    {
        var file = folder.Write("notebook.html", $"<!doctype html><body>{Show.FeatureMap(drawn.Map)}</body>");
        await using var page = await browser.Open(file);
        const string frame = "document.querySelector('iframe').contentDocument";
        await page.Page.WaitForFunctionAsync($"() => {frame}.querySelectorAll('.plot').length === 2");
        Assert.Equal("Features of 24 videos", await page.Value<string>($"{frame}.querySelector('h1').textContent"));
    }

    private static async Task Hover(BrowserPage page, int panel, int video)
    {
        await using var canvas = (await page.Page.QuerySelectorAllAsync(".plot"))[panel];
        await canvas.ScrollIntoViewAsync();
        var (box, place) = (await canvas.BoundingBoxAsync(), await page.Value<decimal[]>($"panels[{panel}].places[{video}]"));
        await page.Page.Mouse.MoveAsync(box.X + place[0], box.Y + place[1]);
    }

    private static Task<string[]> Pictures(BrowserPage page) => page.Value<string[]>("panels.map(panel => panel.canvas.toDataURL())");

    private Task<BrowserPage> Open(FeatureMap? map = null, int width = 1280, bool dark = false)
    {
        var file = folder.File("page.html");
        FeatureMapPage.Save(map ?? drawn.Map, file);
        return browser.Open(file, width, dark);
    }

    private sealed class Observer(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }

    /// <summary>A map of gray videos, the first of which is damaged.</summary>
    public sealed class Drawn : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Drawn()
        {
            string[] paths = [.. Enumerable.Range(0, 24).Select(k => folder.File($"r{k / 3 % 4}_{k}.mp4"))];
            foreach (var (k, path) in paths.Index().Skip(1)) Write(path, 10 * k);
            File.WriteAllText(paths[0], "no video");
            using var scope = NewDisposeScope();
            var (vit, divided) = (Features(paths, spread: 2), Features(paths[..23], spread: 0.3));
            List<string> broken = [];
            Map = FeatureMap.Of(
                [FeaturePanel.Of("vit", vit), FeaturePanel.Of("divided", divided)], broken: (path, _) => broken.Add(path));
            Assert.Equal([paths[0]], broken);
        }

        public FeatureMap Map { get; }

        public void Dispose() => folder.Dispose();

        internal static FeatureSet Features(string[] paths, double spread)
        {
            using var generator = new Generator(3);
            var videos = paths.Select((path, k) => new TimeSformer.Data.VideoItem(path, k % 3)).ToList();
            var labels = tensor(videos.Select(video => (long)video.Label).ToArray());
            using TorchSharp.Scalar factor = spread;
            var values = nn.functional.one_hot(labels, 8).to_type(ScalarType.Float32)
                + randn([paths.Length, 8], generator: generator).mul(factor);
            var places = nn.functional.normalize(randn([4, 256], generator: generator), dim: 1);
            var recordings = tensor(Enumerable.Range(0, paths.Length).Select(k => (long)(k / 3 % 4)).ToArray());
            return new(
                new("0123456789", 8, 0, 32, null, "mean 0.45, std 0.225", "1x1x1"), videos, ["class of 0", "class of 1", "class of 2"],
                values, places.index_select(0, recordings));
        }

        private static void Write(string path, int level)
        {
            using var writer = new VideoWriter(path, FourCC.FromString("mp4v"), 10, new OpenCvSharp.Size(64, 48));
            using var frame = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(level));
            for (int k = 0; k < 10; k++) writer.Write(frame);
        }
    }
}
