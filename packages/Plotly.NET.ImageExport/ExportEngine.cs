namespace Plotly.NET.ImageExport;

/// <summary>What draws. There is one, by the original's name; here it starts Chromium itself.</summary>
public sealed class ExportEngine
{
    private ExportEngine()
    {
    }

    /// <summary>A headless Chromium.</summary>
    public static ExportEngine PuppeteerSharp { get; } = new();
}
