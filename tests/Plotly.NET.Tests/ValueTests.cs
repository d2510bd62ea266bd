using System.Text.Json.Nodes;

namespace Figures.Tests;

public class ValueTests
{
    private static string? Marker(Color color) => Chart.Point<int, int, string>([1], [1], MarkerColor: color).Trace().At("marker.color");

    [Fact]
    public void Colours_are_words_numbers_or_lists()
    {
        Assert.Equal("teal", Marker(Color.fromString("teal")));
        Assert.Matches(@"^rgba\(68, 119, 170, 1(\.0)?\)$", Marker(Color.fromHex("#4477AA")));
        Assert.Matches(@"^rgba\(1, 2, 3, 1(\.0)?\)$", Marker(Color.fromRGB(1, 2, 3)));
        Assert.Equal("rgba(1, 2, 3, 0.2)", Marker(Color.fromARGB(51, 1, 2, 3)));
        Assert.Equal("[0.5,1]", Marker(Color.fromColorScaleValues([0.5, 1.0])));
        Assert.Equal("[red,blue]", Marker(Color.fromColors([Color.fromString("red"), Color.fromString("blue")])));
        Assert.Equal(Color.fromHex("FF0000"), Color.fromRGB(255, 0, 0));
    }

    [Fact]
    public void Impossible_colours_are_refused()
    {
        Assert.ThrowsAny<Exception>(() => Color.fromRGB(256, 0, 0));
        Assert.ThrowsAny<Exception>(() => Color.fromHex("#12"));
    }

    [Fact]
    public void A_colour_scale_has_colours_at_fractions()
    {
        var scale = StyleParam.Colorscale.NewCustom([Tuple.Create(0.0, Color.fromString("white")), Tuple.Create(1.0, Color.fromString("black"))]);

        Assert.Equal("[[0,white],[1,black]]", Chart.Heatmap<int, int, int, string>([[1]], ColorScale: scale).Trace().At("colorscale"));
        Assert.ThrowsAny<Exception>(() => Chart.Heatmap<int, int, int, string>([[1]], ColorScale: StyleParam.Colorscale.NewCustom([Tuple.Create(0.0, Color.fromString("white"))])));
    }

    [Fact]
    public void Symbols_may_be_open()
    {
        var open = StyleParam.MarkerSymbol.NewModified(StyleParam.MarkerSymbol.Square, StyleParam.SymbolStyle.Open);

        Assert.Equal("101", Chart.Point<int, int, string>([1], [1], MarkerSymbol: open).Trace().At("marker.symbol"));
    }

    [Fact]
    public void Json_of_a_chart_has_data_layout_and_configuration()
    {
        var json = JsonNode.Parse(GenericChart.toJson(Chart.Point<int, int, string>([1], [1])))!.AsObject();

        Assert.Equal(["config", "data", "layout"], json.Select(m => m.Key).Order());
        Assert.Equal("true", json.At("config.responsive"));
    }

    [Fact]
    public void Json_of_a_figure_has_data_layout_and_frames()
    {
        Assert.Equal(["data", "frames", "layout"], Chart.Point<int, int, string>([1], [1]).Figure().AsObject().Select(m => m.Key).Order());
    }

    [Fact]
    public void Traces_are_mapped()
    {
        var chart = GenericChart.mapTrace(Microsoft.FSharp.Core.FuncConvert.FromFunc<Trace, Trace>(trace =>
        {
            trace.SetValue("name", "mapped");
            return trace;
        }), Chart.Point<int, int, string>([1], [1]));

        Assert.Equal("mapped", chart.Trace().At("name"));
        Assert.Equal(1, GenericChart.countTrace(chart));
    }
}
