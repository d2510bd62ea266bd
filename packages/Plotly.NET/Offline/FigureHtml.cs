using System.Text.Json.Nodes;

namespace Plotly.NET.Offline;

/// <summary>Figures as HTML that needs no network.</summary>
public static class FigureHtml
{
    /// <summary>A page of its own.</summary>
    public static string Page(GenericChart chart) => $"""
        <!doctype html>
        <html>
        <head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Figure</title></head>
        <body>
        {Carrying(chart)}
        </body>
        </html>
        """;

    /// <summary>A part of a page that brings plotly.js with it, about 0.6 MB: the first figure of a notebook.</summary>
    public static string Carrying(GenericChart chart) => PlotlyScript.Loader + "\n" + Waiting(chart);

    /// <summary>A part of a page that waits until another part has brought plotly.js: the other figures of a notebook.</summary>
    public static string Waiting(GenericChart chart)
    {
        var figure = JsonNode.Parse(FigureMime.Json(chart))!;
        var (width, height) = Size(figure);
        var id = $"figure-{Guid.NewGuid():N}";
        // Text in the default style takes the colour that the page gives to its own, for which the style alone can only guess a grey.
        return $$"""
            <div id="{{id}}" style="width:{{width}}px;max-width:100%;min-height:{{height}}px"></div>
            <script>
            (() => {
              const figure = {{figure.ToJsonString()}};
              const draw = tries => {
                const place = document.getElementById("{{id}}");
                if (place && window.Plotly) {
                  const font = figure.layout?.template?.layout?.font;
                  if (font?.color === "{{CleanTemplate.NeutralText}}") font.color = getComputedStyle(place).color;
                  place.textContent = "";
                  window.Plotly.newPlot(place, figure.data, figure.layout, figure.config);
                } else if (tries < 3000) {
                  if (place && tries === 25) place.textContent = "This figure waits for plotly.js, which the first figure of the notebook carries. Run that cell again.";
                  setTimeout(draw, 200, tries + 1);
                }
              };
              draw(0);
            })();
            </script>
            """;
    }

    /// <summary>Width and height that a figure asks for.</summary>
    internal static (int Width, int Height) Size(JsonNode figure)
    {
        int Side(string name, int otherwise) => figure["layout"]?[name] is JsonValue value && value.TryGetValue<double>(out var pixels) ? (int)pixels : otherwise;
        return (Side("width", Defaults.DefaultWidth), Side("height", Defaults.DefaultHeight));
    }
}
