using Plotly.NET.LayoutObjects;

namespace Figures.Tests;

public class MapTests
{
    private static readonly double[][] Attention = [[0.1, 0.2], [0.3, 0.4]];

    [Fact]
    public void A_heatmap_has_rows_of_numbers()
    {
        var trace = Chart.Heatmap<double, int, int, string>(Attention, ColorScale: StyleParam.Colorscale.Cividis, ShowScale: false, XGap: 2).Trace();

        Assert.Equal("heatmap", trace.At("type"));
        Assert.Equal("[[0.1,0.2],[0.3,0.4]]", trace.At("z"));
        Assert.Equal("Cividis", trace.At("colorscale"));
        Assert.Equal("false", trace.At("showscale"));
        Assert.Equal("2", trace.At("xgap"));
    }

    [Fact]
    public void The_first_row_is_on_top_when_the_y_axis_is_reversed()
    {
        Assert.Equal("reversed", Chart.Heatmap<double, int, int, string>(Attention, ReverseYAxis: true).Layout().At("yaxis.autorange"));
        Assert.Null(Chart.Heatmap<double, int, int, string>(Attention).Layout().At("yaxis"));
    }

    [Fact]
    public void What_no_argument_says_is_set_by_name()
    {
        var chart = Chart.Heatmap<double, int, int, string>(Attention);
        var trace = chart.GetTraces()[0];

        trace.SetValue("zmin", 0.0);
        trace.SetValue("zmax", 1);
        trace.SetValue("hovertemplate", "patch %{x},%{y}<extra></extra>");
        trace.SetValue("text", new[] { new[] { "a", "b" }, new[] { "c", "d" } });
        trace.SetValue("customdata", new[] { 1, 2 });

        Assert.Equal("0", chart.Trace().At("zmin"));
        Assert.Equal("1", chart.Trace().At("zmax"));
        Assert.Equal("patch %{x},%{y}<extra></extra>", chart.Trace().At("hovertemplate"));
        Assert.Equal("[[a,b],[c,d]]", chart.Trace().At("text"));
        Assert.Equal("[1,2]", chart.Trace().At("customdata"));
        Assert.Equal(0.0, trace.TryGetValue("zmin")!.Value);
    }

    [Fact]
    public void Several_heatmaps_share_a_colour_axis()
    {
        var chart = Chart.Heatmap<double, int, int, string>(Attention);
        chart.GetTraces()[0].SetValue("coloraxis", "coloraxis");

        Plotly.NET.GenericChartExtensions.WithColorAxis(chart, ColorAxis.init(ColorScale: StyleParam.Colorscale.Viridis, ReverseScale: true));

        Assert.Equal("coloraxis", chart.Trace().At("coloraxis"));
        Assert.Equal("Viridis", chart.Layout().At("coloraxis.colorscale"));
        Assert.Equal("true", chart.Layout().At("coloraxis.reversescale"));
    }

    [Fact]
    public void A_colour_bar_has_a_title()
    {
        var trace = Chart.Heatmap<double, int, int, string>(Attention)
            .WithColorBar(ColorBar.init<double, double>(Title: Title.init("attention"), Len: 0.5)).Trace();

        Assert.Equal("attention", trace.At("colorbar.title.text"));
        Assert.Equal("0.5", trace.At("colorbar.len"));
    }

    [Fact]
    public void Annotated_cells_must_be_as_many_as_there_are_numbers()
    {
        Assert.ThrowsAny<Exception>(() => Chart.AnnotatedHeatmap<double, int, int, string>(Attention, [["a", "b"]]));
        Assert.Equal("[[0.1,0.2],[0.3,0.4]]", Chart.AnnotatedHeatmap<double, int, int, string>(Attention, [["a", "b"], ["c", "d"]]).Trace().At("z"));
    }

    [Fact]
    public void A_picture_has_rows_of_pixels_or_a_source()
    {
        var pixels = Chart.Image<int>(Z: new[] { new[] { new[] { 255, 0, 0 }.AsEnumerable() }.AsEnumerable() }).Trace();
        var source = Chart.Image<int>(Source: "data:image/png;base64,AAAA").Trace();

        Assert.Equal("image", pixels.At("type"));
        Assert.Equal("[[[255,0,0]]]", pixels.At("z"));
        Assert.Equal("data:image/png;base64,AAAA", source.At("source"));
    }

    [Fact]
    public void A_contour_chart_has_rows_of_numbers_and_lines()
    {
        var trace = Chart.Contour<double, int, int, string>(Attention, NContours: 5, ShowContourLabels: true).Trace();

        Assert.Equal("contour", trace.At("type"));
        Assert.Equal("5", trace.At("ncontours"));
        Assert.Equal("true", trace.At("contours.showlabels"));
    }
}
