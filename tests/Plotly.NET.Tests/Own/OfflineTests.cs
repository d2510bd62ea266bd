using System.Text.Json.Nodes;
using Plotly.NET.Offline;

namespace Figures.Tests.Own;

public class OfflineTests
{
    private const string Library = "DecompressionStream";

    private static GenericChart Some => Chart.Point<int, int, string>([1], [1], Name: "some");

    [Fact]
    public void A_page_brings_the_library_and_loads_nothing()
    {
        var page = GenericChart.toEmbeddedHTML(Some);

        Assert.StartsWith("<!doctype html>", page);
        Assert.Single(Occurrences(page, Library));
        Assert.DoesNotMatch("<script[^>]+src=|<link|https?://", page);
        Assert.InRange(page.Length, 400_000, 800_000);
    }

    [Fact]
    public void A_part_of_a_page_is_small()
    {
        var part = GenericChart.toChartHTML(Some);

        Assert.DoesNotContain(Library, part);
        Assert.InRange(part.Length, 500, 8_000);
    }

    [Fact]
    public void Each_part_has_a_place_of_its_own()
    {
        var chart = Some;

        Assert.NotEqual(FigureHtml.Waiting(chart), FigureHtml.Waiting(chart));
    }

    [Fact]
    public void The_data_for_notebooks_are_data_layout_and_config()
    {
        Assert.Equal("application/vnd.plotly.v1+json", FigureMime.Type);
        Assert.Equal(["config", "data", "layout"], JsonNode.Parse(FigureMime.Json(Some))!.AsObject().Select(m => m.Key).Order());
    }

    [Fact]
    public void The_first_cell_with_a_figure_carries_the_library_once()
    {
        var notebook = new NotebookFigures();

        notebook.BeginCell("a");
        Assert.Contains(Library, notebook.Html(Some));
        Assert.DoesNotContain(Library, notebook.Html(Some));
        notebook.BeginCell("b");
        Assert.DoesNotContain(Library, notebook.Html(Some));
    }

    [Fact]
    public void The_carrier_carries_again_when_it_runs_again_and_others_never_do()
    {
        var notebook = new NotebookFigures();
        notebook.BeginCell("a");
        notebook.Html(Some);
        notebook.BeginCell("b");
        notebook.Html(Some);

        notebook.BeginCell("b");
        Assert.DoesNotContain(Library, notebook.Html(Some));
        notebook.BeginCell("a");
        Assert.Contains(Library, notebook.Html(Some));
        Assert.DoesNotContain(Library, notebook.Html(Some));
    }

    [Fact]
    public void Cells_that_nobody_can_tell_apart_carry_once()
    {
        var notebook = new NotebookFigures();
        notebook.BeginCell(null);
        Assert.Contains(Library, notebook.Html(Some));
        notebook.BeginCell(null);
        Assert.DoesNotContain(Library, notebook.Html(Some));
    }

    [Fact]
    public void After_all_outputs_were_cleared_the_next_cell_carries()
    {
        var notebook = new NotebookFigures();
        notebook.BeginCell("a");
        notebook.Html(Some);

        notebook.Forget();
        notebook.BeginCell("b");

        Assert.Contains(Library, notebook.Html(Some));
    }

    [Fact]
    public void A_file_gets_its_ending()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Plotly.NET.CSharp.GenericChartExtensions.SaveHtml(Some, Path.Combine(folder, "one"));
            Plotly.NET.CSharp.GenericChartExtensions.SaveHtml(Some, Path.Combine(folder, "two.html"));

            Assert.Equal(["one.html", "two.html"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<int> Occurrences(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
            yield return at;
    }
}
