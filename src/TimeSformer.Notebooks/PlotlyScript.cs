using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Plotly.NET;

namespace TimeSformer.Notebooks;

/// <summary>
/// The plotly.js of the Plotly.NET assembly as a script that a page can carry: reduced to the traces of two-dimensional figures (a third of
/// the file, without maps, three dimensions and WebGL) and compressed.
/// </summary>
internal static partial class PlotlyScript
{
    private static readonly Lazy<string> library = new(Read);
    private static readonly Lazy<string> reduced = new(() => Reduced(library.Value));

    /// <summary>The traces that the library of <see cref="Loader"/> can draw.</summary>
    public static IReadOnlySet<string> Traces { get; } =
        new HashSet<string> { "scatter", "bar", "box", "contour", "heatmap", "histogram", "histogram2d", "image", "pie", "violin" };

    /// <summary>A script element that loads the reduced plotly.js, unless the page has it.</summary>
    public static string Loader => Element(reduced.Value);

    /// <summary>A script element that loads the whole plotly.js.</summary>
    public static string WholeLoader => Element(library.Value);

    /// <summary>
    /// The library without the traces that are not in <see cref="Traces"/> and the modules that only those use. It is a bundle of numbered
    /// modules, <c>var t={1:function(t,e,r){… r(2) …},2:…}</c>, one of which registers the traces; numbers may be written as 34e3.
    /// </summary>
    /// <returns>The reduced library; the library unchanged if its structure is another.</returns>
    internal static string Reduced(string library)
    {
        var modules = new Dictionary<string, string>();
        int depth = 0, start = 0, end = library.LastIndexOf("},e={};function r(", StringComparison.Ordinal);
        // Some modules are bundles themselves; only the outermost modules count.
        Match[] marks = [.. Mark().Matches(library).Where(IsOutermost)];
        for (int k = 0; k < marks.Length; k++)
        {
            if (k == 0) start = marks[k].Index;
            int next = k + 1 < marks.Length ? marks[k + 1].Index - 1 : end;
            modules[marks[k].Groups["id"].Value] = library[marks[k].Index..next];
        }
        if (modules.Count == 0 || modules.Count < marks.Length || Require().Matches(library[end..]) is not [.., var last]) return library;

        var entry = last.Groups["id"].Value;
        if (!modules.TryGetValue(entry, out var text) || Registered().Match(text) is not { Success: true } list) return library;
        var wanted = Require().Matches(list.Value).Select(require => require.Value).Where(require => Traces.Contains(TraceOf(require)));
        modules[entry] = text.Replace(list.Value, $".register([{string.Join(',', wanted)}])", StringComparison.Ordinal);

        var used = new HashSet<string>();
        var open = new Stack<string>([entry]);
        while (open.TryPop(out var id))
        {
            if (!modules.TryGetValue(id, out var module) || !used.Add(id)) continue;
            foreach (Match require in Require().Matches(module)) open.Push(require.Groups["id"].Value);
        }
        var kept = modules.Where(module => used.Contains(module.Key)).Select(module => module.Value);
        return library[..start] + string.Join(',', kept) + library[end..];

        bool IsOutermost(Match mark)
        {
            if (mark.Groups["open"].Success) depth++;
            else if (mark.Groups["close"].Success) depth--;
            else return depth == 1;
            return false;
        }

        // A registered module is the trace itself or re-exports it.
        string TraceOf(string require)
        {
            var module = modules[Require().Match(require).Groups["id"].Value];
            if (StandsFor().Match(module) is { Success: true } other) return TraceOf(other.Groups["require"].Value);
            return Trace().Match(module).Groups["name"].Value;
        }
    }

    // The library hands itself to a module loader if there is one (nbconvert's pages, old notebooks). Inside a function that hides the
    // loader, it always becomes window.Plotly.
    private static string Element(string text) => $$"""
        <script>
        window.Plotly || (window.plotlyArrives ??= (async () => {
          const bytes = Uint8Array.from(atob("{{Compressed(text)}}"), c => c.charCodeAt(0));
          const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
          const script = document.createElement("script");
          script.textContent = "(function (define, module, exports) {" + text + "\n})()";
          document.head.append(script);
        })());
        </script>
        """;

    private static string Compressed(string text)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return Convert.ToBase64String(bytes.ToArray());
    }

    private static string Read()
    {
        var assembly = typeof(GenericChart).Assembly;
        var name = Array.Find(assembly.GetManifestResourceNames(), name => name.EndsWith(".min.js", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} {assembly.GetName().Version} contains no plotly.js");
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"(?<open>var t=\{(?=\d[\de]*:function\())|(?<close>\},e=\{\};function r\()"
        + @"|(?<=var t=\{|\},)(?<id>\d[\de]*):function\([\w,]*\)\{")]
    private static partial Regex Mark();

    [GeneratedRegex(@"\br\((?<id>\d[\de]*)\)")]
    private static partial Regex Require();

    [GeneratedRegex(@"\.register\(\[[^\]]*\]\)")]
    private static partial Regex Registered();

    [GeneratedRegex("""^\d[\de]*:function\([\w,]*\)\{"use strict";t\.exports=(?<require>r\([\de]+\))\}$""")]
    private static partial Regex StandsFor();

    [GeneratedRegex("""moduleType:"trace",name:"(?<name>\w+)""")]
    private static partial Regex Trace();
}
