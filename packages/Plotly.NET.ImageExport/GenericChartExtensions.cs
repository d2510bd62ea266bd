using Microsoft.FSharp.Core;
using Plotly.NET.Offline;

namespace Plotly.NET.ImageExport;

/// <summary>Charts as pictures, drawn by a headless Chromium (the Debian package chromium). Without a width or height the chart's own counts.</summary>
public static class GenericChartExtensions
{
    /// <summary>Writes a PNG. The name gets the ending .png if it lacks it.</summary>
    /// <exception cref="FileNotFoundException">There is no Chromium.</exception>
    public static void SavePNG(
        this GenericChart @this, string path, FSharpOption<ExportEngine>? EngineType = null, FSharpOption<int>? Width = null, FSharpOption<int>? Height = null) =>
        File.WriteAllBytes(WithEnding(path, ".png"), Png(@this, Width, Height));

    /// <summary>A PNG as a data URL.</summary>
    /// <exception cref="FileNotFoundException">There is no Chromium.</exception>
    public static string ToBase64PNGString(
        this GenericChart @this, FSharpOption<ExportEngine>? EngineType = null, FSharpOption<int>? Width = null, FSharpOption<int>? Height = null) =>
        "data:image/png;base64," + Convert.ToBase64String(Png(@this, Width, Height));

    /// <summary>Writes an SVG. The name gets the ending .svg if it lacks it.</summary>
    /// <exception cref="FileNotFoundException">There is no Chromium.</exception>
    public static void SaveSVG(
        this GenericChart @this, string path, FSharpOption<ExportEngine>? EngineType = null, FSharpOption<int>? Width = null, FSharpOption<int>? Height = null) =>
        File.WriteAllText(WithEnding(path, ".svg"), @this.ToSVGString(EngineType, Width, Height));

    /// <summary>An SVG as text.</summary>
    /// <exception cref="FileNotFoundException">There is no Chromium.</exception>
    public static string ToSVGString(
        this GenericChart @this, FSharpOption<ExportEngine>? EngineType = null, FSharpOption<int>? Width = null, FSharpOption<int>? Height = null) =>
        FigureImage.Svg(FigureMime.Json(@this), Width?.Value, Height?.Value);

    private static byte[] Png(GenericChart chart, FSharpOption<int>? width, FSharpOption<int>? height) =>
        FigureImage.Png(FigureMime.Json(chart), width?.Value, height?.Value);

    private static string WithEnding(string path, string ending) => path.EndsWith(ending, StringComparison.Ordinal) ? path : path + ending;
}
