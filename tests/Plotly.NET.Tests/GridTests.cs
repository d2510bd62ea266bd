namespace Figures.Tests;

public class GridTests
{
    private static GenericChart Cell(int i) => Chart.Point<int, int, string>([i], [i]).WithXAxisStyle<int, int, string>(TitleText: $"x of {i}");

    private static GenericChart[] Cells(int count) => [.. Enumerable.Range(1, count).Select(Cell)];

    [Fact]
    public void Each_cell_has_axes_of_its_own()
    {
        var grid = Chart.Grid(Cells(4), 2, 2);

        Assert.Equal(["x", "x2", "x3", "x4"], grid.Data().Select(t => t!.At("xaxis")));
        Assert.Equal(["y", "y2", "y3", "y4"], grid.Data().Select(t => t!.At("yaxis")));
        Assert.Equal("x of 1", grid.Layout().At("xaxis.title.text"));
        Assert.Equal("x of 4", grid.Layout().At("xaxis4.title.text"));
        Assert.Equal("2", grid.Layout().At("grid.rows"));
        Assert.Equal("2", grid.Layout().At("grid.columns"));
        Assert.Equal("independent", grid.Layout().At("grid.pattern"));
        Assert.Equal("top to bottom", grid.Layout().At("grid.roworder"));
    }

    [Fact]
    public void Coupled_cells_share_the_axes_of_their_row_and_column()
    {
        var grid = Chart.Grid(Cells(4), 2, 2, Pattern: StyleParam.LayoutGridPattern.Coupled);

        Assert.Equal(["x", "x2", "x", "x2"], grid.Data().Select(t => t!.At("xaxis")));
        Assert.Equal(["y", "y", "y2", "y2"], grid.Data().Select(t => t!.At("yaxis")));
        Assert.Equal("coupled", grid.Layout().At("grid.pattern"));
    }

    [Fact]
    public void Titles_stand_above_the_middle_of_their_cells()
    {
        var layout = Chart.Grid(Cells(2), 1, 2, SubPlotTitles: new[] { "left", "right" }, XGap: 0.5, YGap: 0.0).Layout();

        // Cells of width 1/3 with a gap of the same width between them.
        Assert.Equal(["left", "right"], layout["annotations"]!.AsArray().Select(a => a!.At("text")));
        Assert.Equal(1 / 6.0, double.Parse(layout.At("annotations.0.x")!), 6);
        Assert.Equal(5 / 6.0, double.Parse(layout.At("annotations.1.x")!), 6);
        Assert.Equal("1", layout.At("annotations.0.y"));
        Assert.Equal("paper", layout.At("annotations.0.xref"));
        Assert.Equal("bottom", layout.At("annotations.0.yanchor"));
    }

    [Fact]
    public void A_stack_is_one_column()
    {
        var stack = Chart.SingleStack(Cells(3));

        Assert.Equal("3", stack.Layout().At("grid.rows"));
        Assert.Equal("1", stack.Layout().At("grid.columns"));
        Assert.Equal(3, stack.Data().Count);
    }

    [Fact]
    public void An_empty_cell_shows_nothing()
    {
        var layout = Chart.Grid([Cell(1), Chart.Invisible()], 1, 2).Layout();

        Assert.Equal("false", layout.At("xaxis2.showgrid"));
        Assert.Equal("false", layout.At("yaxis2.showticklabels"));
    }
}
