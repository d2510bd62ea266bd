using PuppeteerSharp;
using TimeSformer.Cli.Notebooks;

namespace TimeSformer.Tests;

/// <summary>Headless Chromium for the tests of a class, as a class fixture; a test that opens a page is skipped without Chromium.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IBrowser? chromium;

    /// <summary>Opens an HTML file; the caller disposes the page, which fails if anything was wrong in it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="width">Width of the window in pixels.</param>
    /// <param name="dark">Whether the user prefers dark pages.</param>
    /// <param name="reducedMotion">Whether the user prefers pages in which nothing moves.</param>
    public async Task<BrowserPage> Open(string file, int width = 1280, bool dark = false, bool reducedMotion = false)
    {
        Skip.If(chromium is null, "no Chromium");
        var page = await chromium!.NewPageAsync();
        await page.SetViewportAsync(new() { Width = width, Height = 900 });
        await page.EmulateMediaFeaturesAsync(
        [
            new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = dark ? "dark" : "light" },
            new() { MediaFeature = MediaFeature.PrefersReducedMotion, Value = reducedMotion ? "reduce" : "no-preference" },
        ]);
        var opened = new BrowserPage(page);
        await page.SetRequestInterceptionAsync(true);
        await page.GoToAsync(new Uri(Path.GetFullPath(file)).AbsoluteUri);
        return opened;
    }

    /// <summary>Starts Chromium, if there is one.</summary>
    public async Task InitializeAsync()
    {
        if (Programs.Chromium is not { } path) return;
        chromium = await Puppeteer.LaunchAsync(new()
        {
            ExecutablePath = path, Timeout = 120_000, ProtocolTimeout = 120_000,
            Args = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
        });
    }

    /// <summary>Ends Chromium.</summary>
    public async Task DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
    }
}

/// <summary>A page in a browser. It may load files and data alone: any other request is stopped.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly List<string> faults = [];

    internal BrowserPage(IPage page)
    {
        Page = page;
        page.Request += async (_, asked) =>
        {
            if (new Uri(asked.Request.Url).Scheme is "file" or "data")
            {
                await asked.Request.ContinueAsync();
                return;
            }
            faults.Add($"it asked for {asked.Request.Url}");
            await asked.Request.AbortAsync();
        };
        page.Console += (_, said) =>
        {
            if (said.Message.Type is ConsoleType.Error) faults.Add(said.Message.Text);
        };
        page.PageError += (_, thrown) => faults.Add(thrown.Message);
    }

    /// <summary>The page itself: its mouse, keyboard and elements.</summary>
    public IPage Page { get; }

    /// <summary>What has gone wrong so far: requests, errors on the console, exceptions.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>The value of a JavaScript expression; the top-level names of the page's scripts are in scope.</summary>
    public Task<T> Value<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public Task<int> Overflow() => Value<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Closes the page and asserts that nothing was wrong in it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        Assert.Empty(faults);
    }
}
