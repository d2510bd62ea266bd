using System.Buffers.Binary;
using System.Diagnostics;
using Plotly.NET.ImageExport;
using Plotly.NET.Offline;

namespace Figures.Tests.Own;

/// <summary>What a browser makes of figures. Skipped where there is none.</summary>
public class PictureTests
{
    private static GenericChart Some => Chart.Column<double, string, string>([1, 2], Keys: new[] { "a", "b" });

    private static (int Width, int Height) SizeOf(byte[] png) => (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));

    [SkippableFact]
    public void A_picture_has_the_size_that_is_asked_for_or_the_chart_s_own()
    {
        Skip.IfNot(FigureImage.IsAvailable, "no Chromium");
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Some.SavePNG(Path.Combine(folder, "asked"), Width: 400, Height: 300);
            Some.WithSize(320, 240).SavePNG(Path.Combine(folder, "own.png"));

            Assert.Equal((400, 300), SizeOf(File.ReadAllBytes(Path.Combine(folder, "asked.png"))));
            Assert.Equal((320, 240), SizeOf(File.ReadAllBytes(Path.Combine(folder, "own.png"))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [SkippableFact]
    public void A_picture_may_have_more_pixels_than_the_figure()
    {
        Skip.IfNot(FigureImage.IsAvailable, "no Chromium");

        Assert.Equal((640, 480), SizeOf(FigureImage.Png(FigureMime.Json(Some), 320, 240, scale: 2)));
    }

    [SkippableFact]
    public void A_picture_shows_the_bars_on_white()
    {
        Skip.IfNot(FigureImage.IsAvailable, "no Chromium");

        var svg = Some.ToSVGString(Width: 400, Height: 300);

        Assert.StartsWith("<svg", svg);
        Assert.Contains("rgb(68, 119, 170)", svg);
        Assert.Contains("rgb(255, 255, 255)", svg);
        Assert.Equal(2, svg.Split("class=\"point\"").Length - 1);
    }

    [SkippableFact]
    public void Figures_are_drawn_wherever_they_stand_beside_their_carrier()
    {
        Skip.IfNot(FigureImage.IsAvailable, "no Chromium");

        var dom = Rendered(FigureHtml.Waiting(Some) + FigureHtml.Carrying(Some) + FigureHtml.Waiting(Some));

        Assert.Equal(3, dom.Split("class=\"plot-container plotly\"").Length - 1);
    }

    [SkippableFact]
    public void A_module_loader_on_the_page_does_not_take_the_library_away()
    {
        Skip.IfNot(FigureImage.IsAvailable, "no Chromium");

        var dom = Rendered("<script>window.define = () => { throw 'anonymous define'; }; define.amd = {};</script>" + FigureHtml.Carrying(Some));

        Assert.Contains("class=\"plot-container plotly\"", dom);
    }

    [SkippableFact]
    public void A_figure_whose_carrier_is_gone_says_what_to_do()
    {
        Skip.IfNot(FigureImage.IsAvailable, "no Chromium");

        Assert.Contains("Run that cell again", Rendered(FigureHtml.Waiting(Some)));
    }

    [SkippableFact]
    public void Text_takes_the_colour_of_the_page()
    {
        Skip.IfNot(FigureImage.IsAvailable, "no Chromium");

        Assert.Contains("fill: rgb(210, 220, 230)", Rendered($"<div style=\"color:rgb(210, 220, 230)\">{FigureHtml.Carrying(Some)}</div>"));
    }

    [SkippableFact]
    public void What_cannot_be_drawn_is_an_error_with_the_browser_s_words()
    {
        Skip.IfNot(FigureImage.IsAvailable, "no Chromium");

        Assert.Contains("Chromium did not draw the figure", Assert.Throws<InvalidOperationException>(() => FigureImage.Png("""{"data":[{"type":"scatter","y":[1]}],"layout":{}}""", 0, 0)).Message);
    }

    [Fact]
    public void Without_Chromium_the_error_names_the_package()
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", "");

            Assert.False(FigureImage.IsAvailable);
            Assert.Contains("apt-get install chromium", Assert.Throws<FileNotFoundException>(() => Some.ToSVGString()).Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    /// <summary>The page after its scripts have run.</summary>
    private static string Rendered(string body)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var page = Path.Combine(folder, "page.html");
            File.WriteAllText(page, $"<!doctype html><meta charset=\"utf-8\"><body>{body}</body>");
            var start = new ProcessStartInfo("chromium") { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (string[])["--headless", "--disable-gpu", "--no-sandbox", $"--user-data-dir={folder}/profile", "--virtual-time-budget=20000", "--dump-dom", page])
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            return process.StandardOutput.ReadToEnd();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
