using System.Buffers.Binary;
using TimeSformer.Cli.Notebooks;

namespace TimeSformer.Tests;

/// <summary>Pictures of figures, for places that run no scripts. Skipped without Chromium.</summary>
public sealed class FigurePicturesTests
{
    private static JsonObject Cell => (JsonObject)JsonNode.Parse("""
        {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": {
          "text/html": ["<div id=\"figure-1\" style=\"width:320px\"></div>\n", "<script></script>"],
          "application/vnd.plotly.v1+json": {
            "data": [
              {"type": "bar", "orientation": "h", "x": [1.5, "NaN"], "y": ["a", "b"], "error_x": {"array": [0.5, 0]}},
              {"type": "scatter", "x": [1, 2], "y": ["a", "b"]}],
            "layout": {"width": 320, "height": 240, "template": {"layout": {"paper_bgcolor": "rgba(0,0,0,0)"}}},
            "config": {"responsive": true}}}}]}
        """)!;

    [SkippableFact]
    public async Task A_figure_gets_a_picture_of_its_size_beside_its_data_and_inside_its_HTML()
    {
        Skip.If(Programs.Chromium is null, "no Chromium");
        var cell = Cell;
        Assert.True(await FigurePictures.Add([cell]));
        var data = cell["outputs"]![0]!["data"]!;
        var png = Convert.FromBase64String((string)data["image/png"]!);
        int Side(int place) => BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(place));
        Assert.Equal((320, 240), (Side(16), Side(20)));
        const string place = """<div id="figure-1" style="width:320px"><img src="data:image/png;base64,""";
        Assert.Contains(place, (string)data["text/html"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_without_figures_need_no_browser() =>
        Assert.True(await FigurePictures.Add([new JsonObject { ["cell_type"] = "markdown" }]));
}
