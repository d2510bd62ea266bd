using System.IO.Compression;
using System.Text;

namespace Plotly.NET.Offline;

/// <summary>plotly.js as it lies in this assembly, and as a script that a page can carry.</summary>
internal static class PlotlyScript
{
    private static readonly Lazy<string> CompressedLibrary = new(Compress);

    /// <summary>The library's text. It has no end tag of a script in it.</summary>
    public static string Library { get; } = Read();

    /// <summary>
    /// A script that brings the library to a page, unless the page has it: a third of its size, since it is compressed. The library gives itself
    /// to a module loader where there is one (nbconvert's pages, old notebooks); within a function that hides the loader it becomes
    /// window.Plotly everywhere.
    /// </summary>
    public static string Loader => $$"""
        <script>
        window.Plotly || (window.plotlyArrives ??= (async () => {
          const bytes = Uint8Array.from(atob("{{CompressedLibrary.Value}}"), c => c.charCodeAt(0));
          const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
          const script = document.createElement("script");
          script.textContent = "(function (define, module, exports) {" + text + "\n})()";
          document.head.append(script);
        })());
        </script>
        """;

    private static string Compress()
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize))
            gzip.Write(Encoding.UTF8.GetBytes(Library));
        return Convert.ToBase64String(bytes.ToArray());
    }

    private static string Read()
    {
        using var stream = typeof(PlotlyScript).Assembly.GetManifestResourceStream("plotly.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
