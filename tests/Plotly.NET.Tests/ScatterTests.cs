using Plotly.NET.TraceObjects;

namespace Figures.Tests;

public class ScatterTests
{
    private static readonly int[] X = [1, 2, 3];
    private static readonly double[] Y = [0.5, 0.25, 1];

    [Fact]
    public void Points_are_a_scatter_of_markers()
    {
        var trace = Chart.Point<int, double, string>(X, Y, Name: "loss").Trace();

        Assert.Equal("scatter", trace.At("type"));
        Assert.Equal("markers", trace.At("mode"));
        Assert.Equal("[1,2,3]", trace.At("x"));
        Assert.Equal("[0.5,0.25,1]", trace.At("y"));
        Assert.Equal("loss", trace.At("name"));
    }

    [Fact]
    public void Lines_have_markers_and_texts_when_asked_for()
    {
        Assert.Equal("lines", Chart.Line<int, double, string>(X, Y).Trace().At("mode"));
        Assert.Equal("lines+markers", Chart.Line<int, double, string>(X, Y, ShowMarkers: true).Trace().At("mode"));

        var labelled = Chart.Line<int, double, string>(X, Y, ShowMarkers: true, MultiText: new[] { "a", "b", "c" }, TextPosition: StyleParam.TextPosition.TopCenter).Trace();
        Assert.Equal("lines+markers+text", labelled.At("mode"));
        Assert.Equal("[a,b,c]", labelled.At("text"));
        Assert.Equal("top center", labelled.At("textposition"));
    }

    [Fact]
    public void Texts_without_a_position_appear_under_the_pointer_only()
    {
        var trace = Chart.Point<int, double, string>(X, Y, Text: "same").Trace();

        Assert.Equal("markers", trace.At("mode"));
        Assert.Equal("same", trace.At("text"));
    }

    [Fact]
    public void X_may_be_words_or_dates()
    {
        Assert.Equal("[space,divided]", Chart.Point<string, double, string>(["space", "divided"], [1, 2]).Trace().At("x"));
        Assert.StartsWith("[2021-02-09", Chart.Point<DateTime, double, string>([new DateTime(2021, 2, 9)], [1]).Trace().At("x"));
    }

    [Fact]
    public void Style_arguments_go_to_line_and_marker()
    {
        var trace = Chart.Line<int, double, string>(X, Y, LineWidth: 3.0, LineDash: StyleParam.DrawingStyle.DashDot, LineColor: Color.fromString("teal"),
            MarkerSymbol: StyleParam.MarkerSymbol.Diamond, MarkerColor: Color.fromString("red"), Opacity: 0.5, ShowLegend: false).Trace();

        Assert.Equal("3", trace.At("line.width"));
        Assert.Equal("dashdot", trace.At("line.dash"));
        Assert.Equal("teal", trace.At("line.color"));
        Assert.Equal("2", trace.At("marker.symbol"));
        Assert.Equal("red", trace.At("marker.color"));
        Assert.Equal("0.5", trace.At("opacity"));
        Assert.Equal("false", trace.At("showlegend"));
    }

    [Fact]
    public void Objects_and_arguments_are_combined_and_arguments_win()
    {
        var trace = Chart.Point<int, double, string>(X, Y, Marker: Marker.init(Size: 9, Color: Color.fromString("red")), MarkerColor: Color.fromString("blue")).Trace();

        Assert.Equal("9", trace.At("marker.size"));
        Assert.Equal("blue", trace.At("marker.color"));
    }

    [Fact]
    public void Bubbles_have_sizes()
    {
        var trace = Chart.Bubble<int, double, string>(X, Y, [10, 20, 30]).Trace();

        Assert.Equal("markers", trace.At("mode"));
        Assert.Equal("[10,20,30]", trace.At("marker.size"));
    }

    [Fact]
    public void An_area_is_filled_to_zero()
    {
        var trace = Chart.Area<int, double, string>(X, Y, FillColor: Color.fromString("rgba(0,0,0,0.2)")).Trace();

        Assert.Equal("lines", trace.At("mode"));
        Assert.Equal("tozeroy", trace.At("fill"));
        Assert.Equal("rgba(0,0,0,0.2)", trace.At("fillcolor"));
    }

    [Fact]
    public void A_band_is_a_line_and_two_bounds_of_which_the_upper_fills_to_the_lower()
    {
        var data = Chart.Range<int, double, string>(X, Y, Y.Select(y => y + 1), Y.Select(y => y - 1), StyleParam.Mode.Lines,
            Name: "mean", GroupName: "loss", RangeColor: Color.fromString("silver"), UpperName: "high").Data();

        Assert.Equal(["lower", "high", "mean"], data.Select(t => t!.At("name")));
        Assert.Equal([null, "tonexty", null], data.Select(t => t!.At("fill")));
        Assert.Equal(["loss", "loss", "loss"], data.Select(t => t!.At("legendgroup")));
        Assert.Equal("[-0.5,-0.75,0]", data[0]!.At("y"));
        Assert.Equal("[1.5,1.25,2]", data[1]!.At("y"));
        Assert.Equal("silver", data[1]!.At("fillcolor"));
        Assert.All(data, t => Assert.Equal("lines", t!.At("mode")));
    }
}
