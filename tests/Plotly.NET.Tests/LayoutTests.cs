using Plotly.NET.LayoutObjects;

namespace Figures.Tests;

public class LayoutTests
{
    private static GenericChart Line(string name = "a") => Chart.Line<int, double, string>([1, 2], [1, 2], Name: name);

    [Fact]
    public void Titles_and_sizes()
    {
        var layout = Line().WithTitle("Loss", Font.init(Size: 20)).WithSize(500, 300).WithLegend(false).Layout();

        Assert.Equal("Loss", layout.At("title.text"));
        Assert.Equal("20", layout.At("title.font.size"));
        Assert.Equal("500", layout.At("width"));
        Assert.Equal("300", layout.At("height"));
        Assert.Equal("false", layout.At("showlegend"));
    }

    [Fact]
    public void Axes_have_titles_types_and_ranges()
    {
        var layout = Line()
            .WithXAxisStyle<double, double, string>(TitleText: "frames", AxisType: StyleParam.AxisType.Log, MinMax: Tuple.Create(0.0, 2.0), ShowGrid: false)
            .WithYAxisStyle<double, double, string>(Title: Title.init("memory"), Side: StyleParam.Side.Right)
            .Layout();

        Assert.Equal("frames", layout.At("xaxis.title.text"));
        Assert.Equal("log", layout.At("xaxis.type"));
        Assert.Equal("[0,2]", layout.At("xaxis.range"));
        Assert.Equal("false", layout.At("xaxis.showgrid"));
        Assert.Equal("memory", layout.At("yaxis.title.text"));
        Assert.Equal("right", layout.At("yaxis.side"));
    }

    [Fact]
    public void What_is_said_of_an_axis_twice_is_combined()
    {
        var axis = new LinearAxis();
        axis.SetValue("showticklabels", false);

        var layout = Line().WithXAxisStyle<double, double, string>(TitleText: "x").WithXAxis(axis).Layout();

        Assert.Equal("x", layout.At("xaxis.title.text"));
        Assert.Equal("false", layout.At("xaxis.showticklabels"));
    }

    [Fact]
    public void A_second_axis_lies_over_the_first()
    {
        var chart = Line().WithAxisAnchor(Y: 2)
            .WithYAxisStyle<double, double, string>(TitleText: "right", Overlaying: StyleParam.LinearAxisId.NewY(1), Side: StyleParam.Side.Right, Id: StyleParam.SubPlotId.NewYAxis(2));

        Assert.Equal("y2", chart.Trace().At("yaxis"));
        Assert.Equal("y", chart.Layout().At("yaxis2.overlaying"));
    }

    [Fact]
    public void Shapes_and_annotations_are_added()
    {
        var wall = new Shape();
        wall.SetValue("type", "line");
        wall.SetValue("y0", 16);
        var note = new Annotation();
        note.SetValue("text", "memory wall");

        var layout = Line().WithShape(wall).WithShapes([wall]).WithAnnotation(note).Layout();

        Assert.Equal(2, layout["shapes"]!.AsArray().Count);
        Assert.Equal("16", layout.At("shapes.0.y0"));
        Assert.Equal("memory wall", layout.At("annotations.0.text"));
    }

    [Fact]
    public void Factories_name_what_they_set()
    {
        var note = Annotation.init<double, double, double, double, double, double, double, string, double, string>(X: 1, Y: 2, Text: "here", ShowArrow: false, XRef: "paper");
        var box = Shape.init<int, int, int, int>(ShapeType: StyleParam.ShapeType.Rectangle, X0: 0, X1: 1, Y0: 2, Y1: 3, Opacity: 0.2);

        var layout = Line().WithAnnotation(note).WithShape(box).Layout();

        Assert.Equal("paper", layout.At("annotations.0.xref"));
        Assert.Equal("false", layout.At("annotations.0.showarrow"));
        Assert.Equal("rect", layout.At("shapes.0.type"));
        Assert.Equal("3", layout.At("shapes.0.y1"));
    }

    [Fact]
    public void A_layout_is_added_and_its_lists_are_joined()
    {
        var more = new Layout();
        more.SetValue("barmode", "overlay");
        more.SetValue("paper_bgcolor", "white");

        var layout = Line().WithTitle("t").WithLayout(more).Layout();

        Assert.Equal("t", layout.At("title.text"));
        Assert.Equal("overlay", layout.At("barmode"));
        Assert.Equal("white", layout.At("paper_bgcolor"));
    }

    [Fact]
    public void Combining_keeps_all_traces_and_the_last_word_of_the_layouts()
    {
        var note = new Annotation();
        note.SetValue("text", "n");

        var chart = Chart.Combine([Line("a").WithTitle("first").WithAnnotation(note), Line("b").WithTitle("second").WithAnnotation(note)]);

        Assert.Equal(["a", "b"], chart.Data().Select(t => t!.At("name")));
        Assert.Equal("second", chart.Layout().At("title.text"));
        Assert.Equal(2, chart.Layout()["annotations"]!.AsArray().Count);
    }

    [Fact]
    public void Names_of_several_traces_are_numbered_from_the_second_on()
    {
        Assert.Equal("one", Line().WithTraceInfo("one", LegendGroup: (Optional<string>)"g").Trace().At("name"));
        Assert.Equal(["all", "all_1"], Chart.Combine([Line(), Line()]).WithTraceInfo("all", ShowLegend: (Optional<bool>)false).Data().Select(t => t!.At("name")));
    }

    [Fact]
    public void Legend_and_margin_styles()
    {
        var layout = Line()
            .WithLegendStyle(Orientation: StyleParam.Orientation.Horizontal, X: 0.5, Y: -0.2)
            .WithMargin(Margin.init<int, int, int, int, int, bool>(Left: 80, Top: 10))
            .Layout();

        Assert.Equal("h", layout.At("legend.orientation"));
        Assert.Equal("-0.2", layout.At("legend.y"));
        Assert.Equal("80", layout.At("margin.l"));
        Assert.Equal("10", layout.At("margin.t"));
    }

    [Fact]
    public void Marker_and_line_styles_reach_all_traces()
    {
        var data = Chart.Combine([Line(), Line()]).WithLineStyle(Width: 4.0, Shape: StyleParam.Shape.Spline).WithMarkerStyle(Size: 3, Symbol: StyleParam.MarkerSymbol.Square).Data();

        Assert.All(data, t => Assert.Equal("4", t!.At("line.width")));
        Assert.All(data, t => Assert.Equal("spline", t!.At("line.shape")));
        Assert.All(data, t => Assert.Equal("3", t!.At("marker.size")));
    }

    [Fact]
    public void A_slider_shows_one_trace_after_the_other()
    {
        var steps = Enumerable.Range(0, 2).Select(i => SliderStep.init(
            new[] { Tuple.Create<string, object>("visible", new[] { i == 0, i == 1 }) }, null, $"frame {i}", StyleParam.Method.Restyle, null, null, null, null));
        var slider = new Slider();
        slider.SetValue("active", 0);
        slider.SetValue("steps", steps.ToArray());

        var layout = Chart.Combine([Line(), Line()]).WithSlider(slider).Layout();

        Assert.Equal("[{visible:[false,true]}]", layout.At("sliders.0.steps.1.args"));
        Assert.Equal("frame 1", layout.At("sliders.0.steps.1.label"));
        Assert.Equal("restyle", layout.At("sliders.0.steps.1.method"));
    }

    [Fact]
    public void Without_defaults_the_layout_is_empty()
    {
        Assert.Equal("{}", Chart.Line<int, double, string>([1], [1], UseDefaults: false).Layout().ToJsonString());
        Assert.NotNull(Line().Layout().At("template"));
    }
}
