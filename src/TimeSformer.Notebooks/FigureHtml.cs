using System.Net;
using System.Text.Json.Nodes;
using Plotly.NET;

namespace TimeSformer.Notebooks;

/// <summary>Figures as HTML that needs no network.</summary>
public static class FigureHtml
{
    /// <summary>The MIME type of a figure's data, for front ends with their own plotly.js (VS Code, JupyterLab).</summary>
    public const string DataType = "application/vnd.plotly.v1+json";

    /// <summary>Writes a figure as a stand-alone page.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(GenericChart figure, string path) => File.WriteAllText(path, Page(figure));

    /// <summary>A figure as a stand-alone page.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="below">HTML that follows the figure.</param>
    public static string Page(GenericChart figure, string title = "Figure", string below = "") => $$"""
        <!doctype html>
        <html>
        <head>
        <meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{{WebUtility.HtmlEncode(title)}}</title>
        <style>body { font: 15px/1.5 system-ui, sans-serif } td, th { padding: 2px 12px 2px 0; text-align: left }</style>
        </head>
        <body>
        {{(IsReduced(figure) ? PlotlyScript.Loader : PlotlyScript.WholeLoader)}}
        {{Waiting(figure)}}
        {{below}}
        </body>
        </html>
        """;

    /// <summary>The figure as JSON: an object with data, layout and config.</summary>
    internal static string Data(GenericChart figure) => GenericChart.toJson(figure);

    /// <summary>Whether the reduced plotly.js can draw all of a figure's traces.</summary>
    internal static bool IsReduced(GenericChart figure) =>
        GenericChart.getTraces(figure).All(trace => PlotlyScript.Traces.Contains(trace.type));

    /// <summary>An HTML fragment with plotly.js, about 0.6 MB: the first figure of a notebook.</summary>
    internal static string Carrying(GenericChart figure) => PlotlyScript.Loader + "\n" + Waiting(figure);

    /// <summary>An HTML fragment with the whole plotly.js in a frame, about 1.5 MB: for maps and three dimensions.</summary>
    internal static string Framed(GenericChart figure)
    {
        var (width, height) = Size(JsonNode.Parse(Data(figure))!);
        var style = $"width:{width + 20}px;max-width:100%;height:{height + 20}px;border:0";
        return $"""<iframe srcdoc="{WebUtility.HtmlEncode(Page(figure))}" style="{style}"></iframe>""";
    }

    /// <summary>An HTML fragment that waits until another one has loaded plotly.js: the other figures of a notebook.</summary>
    internal static string Waiting(GenericChart figure)
    {
        var data = JsonNode.Parse(Data(figure))!;
        var (width, height) = Size(data);
        var id = $"figure-{Guid.NewGuid():N}";
        // The course's style can only guess a gray for text; here it takes the color of the page's text.
        return $$"""
            <div id="{{id}}" style="width:{{width}}px;max-width:100%;min-height:{{height}}px"></div>
            <script>
            (() => {
              const figure = {{data.ToJsonString()}};
              const draw = tries => {
                const place = document.getElementById("{{id}}");
                if (place && window.Plotly) {
                  const font = figure.layout?.template?.layout?.font;
                  if (font?.color === "{{FigureStyle.NeutralText}}") font.color = getComputedStyle(place).color;
                  place.textContent = "";
                  window.Plotly.newPlot(place, figure.data, figure.layout, figure.config);
                } else if (tries < 3000) {
                  if (place && tries === 25 && !place.firstChild) {
                    place.textContent = "This figure needs plotly.js, which comes with the notebook's first figure. Run that cell again.";
                  }
                  setTimeout(draw, 200, tries + 1);
                }
              };
              draw(0);
            })();
            </script>
            """;
    }

    private static (int Width, int Height) Size(JsonNode data)
    {
        int Side(string name, int otherwise) =>
            data["layout"]?[name] is JsonValue value && value.TryGetValue<double>(out var pixels) ? (int)pixels : otherwise;
        return (Side("width", Defaults.DefaultWidth), Side("height", Defaults.DefaultHeight));
    }
}
