using System.Diagnostics;
using Microsoft.FSharp.Core;

namespace Plotly.NET;

public static partial class GenericChartExtensions
{
    /// <summary>Writes the figure as a page that works without a network. The name gets the ending .html if it lacks it.</summary>
    public static void SaveHtml(this GenericChart @this, string path, FSharpOption<bool>? OpenInBrowser = null)
    {
        var file = path.EndsWith(".html", StringComparison.Ordinal) ? path : path + ".html";
        File.WriteAllText(file, GenericChart.toEmbeddedHTML(@this));
        if (OpenInBrowser?.Value == true)
            Process.Start(new ProcessStartInfo(Path.GetFullPath(file)) { UseShellExecute = true })?.Dispose();
    }
}
