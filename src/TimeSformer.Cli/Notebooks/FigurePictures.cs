using System.Reflection;
using System.Text.Json.Nodes;

namespace TimeSformer.Cli.Notebooks;

/// <summary>
/// Gives each figure of an executed notebook a picture, for places that run no script, such as GitHub: as an output of its own, and inside the figure's
/// HTML, where plotly.js takes its place once it runs.
/// </summary>
internal static class FigurePictures
{
    private const string Figure = "application/vnd.plotly.v1+json";

    // By name: the published Plotly.NET draws pictures with a browser that it downloads. Ours draws with the Chromium that is there.
    private static readonly Type? drawing = Type.GetType("Plotly.NET.Offline.FigureImage, Plotly.NET");

    /// <summary>Whether there is something to draw with.</summary>
    public static bool IsAvailable => drawing?.GetProperty("IsAvailable")?.GetValue(null) is true;

    /// <summary>Adds the pictures to the outputs of code cells.</summary>
    /// <returns>How many figures there are.</returns>
    public static int Add(IEnumerable<JsonObject> cells)
    {
        var figures = cells.Select(cell => cell["outputs"]).OfType<JsonArray>().SelectMany(outputs => outputs)
            .Select(output => output?["data"]).OfType<JsonObject>().Where(data => data[Figure] is not null).ToList();
        if (!IsAvailable) return figures.Count;
        foreach (var data in figures)
        {
            var png = Convert.ToBase64String(Png(data[Figure]!.ToJsonString()));
            data["image/png"] = png;
            if (Html(data["text/html"]) is { } html) data["text/html"] = Placed(html, png);
        }
        return figures.Count;
    }

    private static byte[] Png(string figure)
    {
        try
        {
            return (byte[])drawing!.GetMethod("Png")!.Invoke(null, [figure, null, null, 1.0])!;
        }
        catch (TargetInvocationException error)
        {
            throw new IOException($"a figure could not be drawn as a picture: {error.InnerException!.Message}", error.InnerException);
        }
    }

    // Text in a notebook is a string or a list of lines.
    private static string? Html(JsonNode? node) => node is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)node;

    // <div id="figure-..."></div>, which plotly.js empties before it draws.
    private static string Placed(string html, string png)
    {
        int start = html.IndexOf("<div id=\"figure-", StringComparison.Ordinal), end = start < 0 ? -1 : html.IndexOf("></div>", start, StringComparison.Ordinal);
        return end < 0 ? html : html.Insert(end + 1, $"<img src=\"data:image/png;base64,{png}\" style=\"max-width:100%\" alt=\"figure\"/>");
    }
}
