namespace TimeSformer.Tests;

/// <summary>How the tests drive the page.</summary>
internal static class ExplainDriver
{
    /// <summary>Waits until the page has answered what was done to it.</summary>
    public static Task<bool> Settle(this BrowserPage page) => page.Value<bool>("""
        new Promise(done => {
          const look = () => (state.pending ? requestAnimationFrame(look) : done(true));
          look();
        })
        """);

    /// <summary>Runs statements of the page's script and waits for the answer.</summary>
    public static async Task Do(this BrowserPage page, string statements)
    {
        await page.Value<object?>($"(() => {{ {statements} }})()");
        await page.Settle();
    }

    /// <summary>The bytes that the model in the page sees (8, 32, 32, 3).</summary>
    public static Task<byte[]> Clip(this BrowserPage page) =>
        page.Value<byte[]>("btoa(state.clip.reduce((text, value) => text + String.fromCharCode(value), ''))");
}
