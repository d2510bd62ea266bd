namespace TimeSformer.Cli.Notebooks;

/// <summary>Formulas in exported pages: KaTeX, embedded in the page, turns TeX into MathML, which browsers render natively.</summary>
internal static class Formulas
{
    // Debian's package libjs-katex.
    private const string Folder = "/usr/share/javascript/katex";

    /// <summary>The page with its formulas; if KaTeX is not installed, they stay TeX.</summary>
    public static string Add(string html)
    {
        string[] scripts = [Path.Combine(Folder, "katex.min.js"), Path.Combine(Folder, "contrib", "auto-render.js")];
        int end = html.LastIndexOf("</body>", StringComparison.Ordinal);
        if (end < 0 || !html.Contains('$', StringComparison.Ordinal) || !scripts.All(File.Exists)) return html;
        const string start = """
            renderMathInElement(document.body, {output: "mathml", throwOnError: false, delimiters: [
              {left: "$$", right: "$$", display: true}, {left: "\\[", right: "\\]", display: true},
              {left: "$", right: "$", display: false}, {left: "\\(", right: "\\)", display: false}],
              ignoredClasses: ["jp-CodeCell"]});
            """;
        return html.Insert(end, string.Concat(scripts.Select(script => Element(File.ReadAllText(script)))) + Element(start));
    }

    // "</script" inside would end the element.
    private static string Element(string script) =>
        $"<script>{script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}</script>\n";
}
