using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using TimeSformer.Notebooks;
using Chart = Plotly.NET.CSharp.Chart;

namespace TimeSformer.Tests.Notebooks;

/// <summary>Figures on pages without a network. Tests that need a browser are skipped if there is none.</summary>
public sealed class FigureTests
{
    private const string Library = "DecompressionStream";

    private static GenericChart Some => Chart.Column<double, string, string>([1, 2], Keys: new(["a", "b"], true)).WithCourseStyle();

    private static GenericChart Space => Chart.Scatter3D<double, double, double, string>([1], [1], [1], StyleParam.Mode.Markers);

    [Fact]
    public void A_page_contains_the_library_and_loads_nothing()
    {
        var page = FigureHtml.Page(Some);
        Assert.Equal(2, page.Split(Library).Length);
        Assert.DoesNotMatch("<script[^>]+src=|<link|https?://", page);
        Assert.InRange(page.Length, 400_000, 800_000);
        Assert.InRange(FigureHtml.Page(Space).Length, 1_200_000, 1_800_000);
    }

    [Fact]
    public void The_first_cell_with_a_figure_carries_the_library_once_per_run()
    {
        var notebook = new NotebookFigures();
        bool Carries(string? cell)
        {
            notebook.BeginCell(cell);
            return notebook.Next(Some).Contains(Library, StringComparison.Ordinal);
        }
        Assert.True(Carries("a"));
        Assert.DoesNotContain(Library, notebook.Next(Some), StringComparison.Ordinal);
        Assert.False(Carries("b"));
        Assert.False(Carries("b"));
        Assert.True(Carries("a"));
        Assert.False(Carries(null));
    }

    [Fact]
    public void A_notebook_shows_a_figure_as_data_and_as_HTML()
    {
        Notebook.Register();
        Assert.Equal([FigureHtml.DataType, "text/html"], Formatter.GetPreferredMimeTypesFor(typeof(GenericChart)));
        var data = JsonNode.Parse(Some.ToDisplayString(FigureHtml.DataType))!;
        Assert.Equal(["config", "data", "layout"], data.AsObject().Select(member => member.Key).Order());
        Assert.Equal("a figure", Some.ToDisplayString("text/plain"));
    }

    [Fact]
    public void The_background_is_transparent_and_text_stands_out_on_light_and_dark_pages()
    {
        var style = JsonNode.Parse(FigureHtml.Data(Some))!["layout"]!["template"]!["layout"]!;
        Assert.Equal("rgba(0,0,0,0)", (string?)style["paper_bgcolor"]);
        int gray = Convert.ToInt32(((string?)style["font"]!["color"])![1..3], 16);
        Assert.True(Contrast(gray, 255) > 4 && Contrast(gray, 30) > 4);
    }

    [SkippableFact]
    public void Figures_are_drawn_before_and_after_their_carrier_even_with_a_module_loader()
    {
        const string loader = "<script>window.define = () => { throw 'define'; }; define.amd = {};</script>";
        Assert.Equal(3, Drawn(Rendered(loader + FigureHtml.Waiting(Some) + FigureHtml.Carrying(Some) + FigureHtml.Waiting(Some))));
    }

    [SkippableFact]
    public void The_reduced_library_draws_each_of_its_traces()
    {
        string[] types = [.. PlotlyScript.Traces.Where(type => type != "image")];
        var page = PlotlyScript.Loader + string.Concat(types.Select((type, k) => $$"""
            <div id="place{{k}}"></div>
            <script>
            setTimeout(() => Plotly.newPlot("place{{k}}", [
              { type: "{{type}}", x: [1, 2], y: [1, 2], z: [[1, 2], [3, 4]], values: [1, 2] }]), 3000);
            </script>
            """));
        Assert.Equal(types.Length, Drawn(Rendered(page)));
    }

    [SkippableFact]
    public void A_figure_without_its_carrier_says_what_to_do() =>
        Assert.Contains("Run that cell again", Rendered(FigureHtml.Waiting(Some)), StringComparison.Ordinal);

    [SkippableFact]
    public void Text_takes_the_color_of_the_page()
    {
        var page = Rendered($"<div style=\"color:rgb(210, 220, 230)\">{FigureHtml.Carrying(Some)}</div>");
        Assert.Contains("fill: rgb(210, 220, 230)", page, StringComparison.Ordinal);
    }

    private static int Drawn(string page) => page.Split("class=\"plot-container plotly\"").Length - 1;

    // The contrast of two grays as WCAG defines it.
    private static double Contrast(int one, int other)
    {
        static double Luminance(int gray) => Math.Pow(((gray / 255.0) + 0.055) / 1.055, 2.4) + 0.05;
        return Math.Max(Luminance(one), Luminance(other)) / Math.Min(Luminance(one), Luminance(other));
    }

    /// <summary>The page after its scripts have run.</summary>
    private static string Rendered(string body)
    {
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Skip.IfNot(paths.Any(path => File.Exists(Path.Combine(path, "chromium"))), "no Chromium");
        using var folder = new TemporaryFolder();
        var page = folder.Write("page.html", $"<!doctype html><meta charset=\"utf-8\"><body>{body}</body>");
        string[] arguments = ["--headless", "--disable-gpu", "--no-sandbox", "--virtual-time-budget=20000", "--dump-dom"];
        arguments = [.. arguments, $"--user-data-dir={folder.File("profile")}", page];
        var start = new ProcessStartInfo("chromium", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        return process.StandardOutput.ReadToEnd();
    }
}
