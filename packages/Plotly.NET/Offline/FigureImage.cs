using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Plotly.NET.Offline;

/// <summary>Figures as pictures, for places that run no script. A headless Chromium draws them.</summary>
public static partial class FigureImage
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    /// <summary>Whether there is a Chromium to draw with.</summary>
    public static bool IsAvailable => Find() is not null;

    /// <summary>A figure as PNG on white ground.</summary>
    /// <param name="figureJson">An object with data and layout: <see cref="FigureMime.Json"/>.</param>
    /// <param name="width">Width in pixels; what the layout says if not given.</param>
    /// <param name="height">Height in pixels; what the layout says if not given.</param>
    /// <param name="scale">Pixels of the picture to a pixel of the figure.</param>
    /// <exception cref="FileNotFoundException">There is no Chromium.</exception>
    /// <exception cref="InvalidOperationException">Chromium did not draw the figure.</exception>
    public static byte[] Png(string figureJson, int? width = null, int? height = null, double scale = 1)
    {
        var png = Convert.FromBase64String(DataUrl(figureJson, "png", width, height, scale).Split("base64,")[1]);
        var expected = Size(figureJson, width, height);
        var (actualWidth, actualHeight) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        return Math.Abs(actualWidth - expected.Width * scale) <= 1 && Math.Abs(actualHeight - expected.Height * scale) <= 1
            ? png
            : throw new InvalidOperationException($"Chromium drew {actualWidth}x{actualHeight} pixels for a figure of {expected.Width}x{expected.Height} at scale {scale}");
    }

    /// <summary>A figure as SVG on white ground.</summary>
    /// <inheritdoc cref="Png"/>
    public static string Svg(string figureJson, int? width = null, int? height = null) =>
        Uri.UnescapeDataString(DataUrl(figureJson, "svg", width, height, scale: 1).Split(',', 2)[1]);

    private static string DataUrl(string figureJson, string format, int? width, int? height, double scale)
    {
        var (w, h) = Size(figureJson, width, height);
        var folder = Directory.CreateTempSubdirectory("figure-").FullName;
        try
        {
            var page = Path.Combine(folder, "figure.html");
            File.WriteAllText(page, Page(figureJson, $"{{ format: '{format}', width: {w}, height: {h}, scale: {scale} }}"));
            var dom = Run(page, folder);
            return Result().Match(dom) is { Success: true } found
                ? found.Groups[1].Value
                : throw new InvalidOperationException($"Chromium did not draw the figure: {(Failure().Match(dom) is { Success: true } failed ? failed.Groups[1].Value : "its page stayed empty")}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int Width, int Height) Size(string figureJson, int? width, int? height)
    {
        var (w, h) = FigureHtml.Size(JsonNode.Parse(figureJson)!);
        return (width ?? w, height ?? h);
    }

    /// <summary>A picture has no page around it: white ground, dark text. Plotly's own toImage gives exactly the size that is asked for.</summary>
    private static string Page(string figureJson, string options) => $$"""
        <!doctype html><meta charset="utf-8"><body>
        <script>{{PlotlyScript.Library}}</script>
        <script>
        (async () => {
          const figure = {{JsonNode.Parse(figureJson)!.ToJsonString()}};
          const style = figure.layout?.template?.layout;
          if (style?.font?.color === "{{CleanTemplate.NeutralText}}") style.font.color = "#2b2b2b";
          if (style?.paper_bgcolor === "rgba(0,0,0,0)") style.paper_bgcolor = "#ffffff";
          const result = document.createElement("pre");
          try {
            result.id = "result";
            result.textContent = await Plotly.toImage({ data: figure.data, layout: figure.layout }, {{options}});
          } catch (e) {
            result.id = "failure";
            result.textContent = String(e?.message ?? e);
          }
          document.body.replaceChildren(result);
        })();
        </script>
        """;

    private static string Run(string page, string folder)
    {
        var start = new ProcessStartInfo(Find() ?? throw new FileNotFoundException("drawing figures as pictures needs Chromium: install the Debian package chromium (apt-get install chromium)"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (ReadOnlySpan<string>)["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={folder}/profile", "--virtual-time-budget=30000", "--dump-dom"])
        {
            start.ArgumentList.Add(argument);
        }
        if (Environment.IsPrivilegedProcess) // Chromium's sandbox refuses to start as root.
            start.ArgumentList.Add("--no-sandbox");
        start.ArgumentList.Add(new Uri(page).AbsoluteUri);

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"Chromium did not draw the figure within {Patience.TotalSeconds:0} s");
        }
        return process.ExitCode == 0 ? output.Result : throw new InvalidOperationException($"Chromium ended with status {process.ExitCode}: {errors.Result.Trim().Split('\n')[^1]}");
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    [GeneratedRegex("<pre id=\"result\">([^<]*)</pre>")]
    private static partial Regex Result();

    [GeneratedRegex("<pre id=\"failure\">([^<]*)</pre>")]
    private static partial Regex Failure();
}
