namespace TimeSformer.Tests;

/// <summary>The browser that the tests of pages look through.</summary>
public sealed class BrowserTests(Browser browser) : FolderTests, IClassFixture<Browser>
{
    private string Page(string body) => folder.Write("page.html", $"<!doctype html><meta charset=utf-8><body style='margin:0'>{body}");

    [SkippableFact]
    public async Task A_page_runs_its_script_from_a_file()
    {
        await using var opened = await browser.Open(Page("<script>const answer = 6 * 7;</script>"));
        Assert.Equal(42, await opened.Value<int>("answer"));
    }

    [SkippableTheory]
    [InlineData("<img src='http://example.org/x.png'>", "it asked for http://example.org/x.png")]
    [InlineData("<script>console.error('lost')</script>", "lost")]
    [InlineData("<script>throw new Error('broken')</script>", "broken")]
    public async Task Requests_errors_and_exceptions_fail_the_page(string body, string fault)
    {
        var opened = await browser.Open(Page(body));
        await Assert.ThrowsAsync<Xunit.Sdk.EmptyException>(() => opened.DisposeAsync().AsTask());
        Assert.Contains(opened.Faults, found => found.Contains(fault, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_page_wider_than_its_window_overflows()
    {
        await using var opened = await browser.Open(Page("<div style='width:500px'>wide</div>"), width: 360);
        Assert.Equal(140, await opened.Overflow());
    }
}
