using Plotly.NET;
using Plotly.NET.ImageExport;
using TimeSformer.Notebooks;
using Layout = Plotly.NET.Layout;

namespace TimeSformer.Cli.Notebooks;

/// <summary>
/// Adds a picture to each figure of an executed notebook, for places that run no scripts, such as GitHub: as an output of its own, and
/// inside the figure's HTML, where plotly.js replaces it once it runs. Chromium draws it, without a network.
/// </summary>
internal static class FigurePictures
{
    /// <summary>Adds the pictures to the outputs of code cells.</summary>
    /// <returns>False if there are figures but no browser to draw them.</returns>
    /// <exception cref="IOException">The browser fails to draw a figure.</exception>
    public static async Task<bool> Add(IEnumerable<JsonObject> cells)
    {
        var figures = cells.Select(cell => cell["outputs"]).OfType<JsonArray>().SelectMany(outputs => outputs)
            .Select(output => output?["data"]).OfType<JsonObject>().Where(data => data[FigureHtml.DataType] is not null).ToList();
        if (figures.Count == 0) return true;
        if (Programs.Chromium is not { } browser) return false;
        foreach (var data in figures)
        {
            var png = await Png(browser, data[FigureHtml.DataType]!);
            data["image/png"] = png;
            if (Html(data["text/html"]) is { } html) data["text/html"] = Placed(html, png);
        }
        return true;
    }

    private static async Task<string> Png(string browser, JsonNode figure)
    {
        PuppeteerSharpRendererOptions.localBrowserExecutablePath = browser;
        // Chromium's sandbox does not start as root. No proxy listens at this address, so that nothing is loaded.
        string[] sandbox = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [];
        PuppeteerSharpRendererOptions.launchOptions.Args =
            ["--disable-gpu", "--disable-dev-shm-usage", "--proxy-server=127.0.0.1:9", .. sandbox];
        try
        {
            var chart = Chart(figure);
            var (width, height) = GenericChart.tryGetLayoutSize(chart);
            return (await ChartExtensions.ToBase64PNGStringAsync(Width: width, Height: height).Invoke(chart)).Split(',')[^1];
        }
        catch (Exception error) when (error is PuppeteerSharp.PuppeteerException or TimeoutException)
        {
            throw new IOException($"a figure could not be drawn as a picture: {error.Message.Split('\n')[0]}", error);
        }
    }

    private static GenericChart Chart(JsonNode figure)
    {
        var traces = figure["data"]!.AsArray()
            .Select(data => GenericChart.ofTraceObject(false, Filled(new Trace((string)data!["type"]!), data)));
        var layout = Filled(new Layout(), OnWhite(figure["layout"]!));
        var display = DisplayOptions.setPlotlyReference(PlotlyJSReference.Full).Invoke(new DisplayOptions());
        return GenericChart.setDisplayOptions(display, GenericChart.setLayout(layout, GenericChart.combine(traces)));
    }

    // A picture has no page around it: white background, dark text.
    private static JsonNode OnWhite(JsonNode layout)
    {
        var changed = layout.DeepClone();
        if (changed["template"]?["layout"] is JsonObject style)
        {
            style["paper_bgcolor"] = "#ffffff";
            if (style["font"] is JsonObject font) font["color"] = "#2b2b2b";
        }
        return changed;
    }

    private static T Filled<T>(T made, JsonNode attributes) where T : DynamicObj.DynamicObj
    {
        foreach (var (name, value) in attributes.AsObject()) made.SetProperty(name, Value(value));
        return made;
    }

    private static object? Value(JsonNode? node) => node switch
    {
        JsonObject => Filled(new DynamicObj.DynamicObj(), node),
        JsonArray array => array.Select(Value).ToArray(),
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<bool>(out var truth) => truth,
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        JsonValue value => value.GetValue<double>(),
        _ => null,
    };

    // Text in a notebook is a string or a list of lines.
    private static string? Html(JsonNode? node) =>
        node is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)node;

    // <div id="figure-..."></div>, which plotly.js empties before it draws.
    private static string Placed(string html, string png)
    {
        int start = html.IndexOf("<div id=\"figure-", StringComparison.Ordinal);
        int end = start < 0 ? -1 : html.IndexOf("></div>", start, StringComparison.Ordinal);
        return end < 0 ? html : html.Insert(end + 1, $"<img src=\"data:image/png;base64,{png}\" style=\"max-width:100%\" alt=\"figure\"/>");
    }
}
