using Plotly.NET.LayoutObjects;

namespace Figures.Tests.Own;

public class StyleTests
{
    [Fact]
    public void The_ground_is_transparent_and_colours_read_on_light_and_dark_pages()
    {
        var layout = Chart.Point<int, int, string>([1], [1]).Layout();

        Assert.Equal("rgba(0,0,0,0)", layout.At("template.layout.paper_bgcolor"));
        Assert.Equal("rgba(0,0,0,0)", layout.At("template.layout.plot_bgcolor"));
        var text = Convert.ToInt32(layout.At("template.layout.font.color")![1..3], 16);
        Assert.True(Contrast(text, 255) > 4 && Contrast(text, 30) > 4, "text must stand out from white and from a dark page");
        Assert.Equal("Viridis", layout.At("template.data.heatmap.0.colorscale"));
    }

    // Of two greys, after WCAG.
    private static double Contrast(int one, int other)
    {
        static double Luminance(int grey) => Math.Pow((grey / 255.0 + 0.055) / 1.055, 2.4);
        var (a, b) = (Luminance(one) + 0.05, Luminance(other) + 0.05);
        return Math.Max(a, b) / Math.Min(a, b);
    }

    [Fact]
    public void Defaults_can_be_changed_and_brought_back()
    {
        try
        {
            Defaults.DefaultWidth = 321;
            Defaults.DefaultTemplate = Template.init<Trace>(Layout.init<string>(PaperBGColor: Color.fromString("black")));

            var layout = Chart.Point<int, int, string>([1], [1]).Layout();

            Assert.Equal("321", layout.At("width"));
            Assert.Equal("black", layout.At("template.layout.paper_bgcolor"));
        }
        finally
        {
            Defaults.reset();
        }
        Assert.Equal("700", Chart.Point<int, int, string>([1], [1]).Layout().At("width"));
    }

    [Fact]
    public void Charts_share_nothing_of_what_they_were_made_of()
    {
        var axis = new LinearAxis();
        axis.SetValue("title", Title.init("shared"));
        var first = Chart.Point<int, int, string>([1], [1]).WithXAxis(axis);
        var second = Chart.Point<int, int, string>([1], [1]).WithXAxis(axis);

        first.WithXAxisStyle<int, int, int>(TitleText: "first");

        Assert.Equal("first", first.Layout().At("xaxis.title.text"));
        Assert.Equal("shared", second.Layout().At("xaxis.title.text"));
    }

    [Fact]
    public void Combining_and_gridding_leave_the_parts_as_they_are()
    {
        var part = Chart.Point<int, int, string>([1], [1]).WithTitle("part");
        var before = GenericChart.toJson(part);

        Chart.Combine([part, part]).WithTitle("whole");
        Chart.Grid([part, part], 1, 2).WithTitle("whole");

        Assert.Equal(before, GenericChart.toJson(part));
    }

    [Fact]
    public void Annotations_and_shapes_of_a_cell_go_with_it_into_a_grid()
    {
        var note = new Annotation();
        note.SetValue("text", "here");
        var layout = Chart.Grid([Chart.Point<int, int, string>([1], [1]), Chart.Point<int, int, string>([1], [1]).WithAnnotation(note)], 1, 2).Layout();

        Assert.Equal("x2", layout.At("annotations.0.xref"));
        Assert.Equal("y2", layout.At("annotations.0.yref"));
    }

    [Fact]
    public void Texts_of_an_annotated_heatmap_are_drawn_by_the_trace_which_knows_the_colour_under_them()
    {
        var trace = Chart.AnnotatedHeatmap<int, int, int, string>([[1, 2]], [["a", "b"]], MultiText: new[] { "under the pointer" }).Trace();

        Assert.Equal("[[a,b]]", trace.At("text"));
        Assert.Equal("%{text}", trace.At("texttemplate"));
        Assert.Equal("[under the pointer]", trace.At("hovertext"));
    }
}
