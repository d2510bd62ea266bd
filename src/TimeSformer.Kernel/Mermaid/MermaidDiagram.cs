using System.Net;
using System.Text.Json;

namespace TimeSformer.Jupyter;

/// <summary>Converts a Mermaid diagram to self-contained HTML, with the compressed library, because the page may be offline.</summary>
internal static class MermaidDiagram
{
    private static readonly Lazy<string> Library = new(() =>
    {
        using var resource = typeof(MermaidDiagram).Assembly.GetManifestResourceStream("mermaid.tiny.js.gz")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return Convert.ToBase64String(bytes.ToArray());
    });

    /// <summary>A diagram such as <c>flowchart LR; A --> B</c>, shown as text until it is drawn, or if it is invalid.</summary>
    public static string ToHtml(string source)
    {
        var id = $"mermaid-{Guid.NewGuid():N}";
        return $$"""
            <div id="{{id}}"><pre>{{WebUtility.HtmlEncode(source)}}</pre></div>
            <script type="text/javascript">
            (async () => {
              const load = async () => {
                const packed = Uint8Array.from(atob("{{Library.Value}}"), c => c.charCodeAt(0));
                const code = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
                const element = document.createElement("script");
                element.textContent = code;
                document.head.appendChild(element);
                globalThis.mermaid.initialize({startOnLoad: false, securityLevel: "strict"});
                return globalThis.mermaid;
              };
              const mermaid = await (globalThis.notebookMermaid ??= load());
              const {svg} = await mermaid.render("{{id}}-svg", {{JsonSerializer.Serialize(source)}});
              document.getElementById("{{id}}").innerHTML = svg;
            })();
            </script>
            """;
    }
}
