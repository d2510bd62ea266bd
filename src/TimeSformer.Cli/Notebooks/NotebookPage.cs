using System.Text.RegularExpressions;

namespace TimeSformer.Cli.Notebooks;

/// <summary>A notebook as one HTML file that needs nothing else, so that it can be sent and kept.</summary>
internal static partial class NotebookPage
{
    /// <summary>Writes the page of a notebook, with the outputs that it holds.</summary>
    /// <returns>The page's path.</returns>
    /// <exception cref="IOException">It cannot be converted.</exception>
    public static async Task<string> Write(string notebook, string folder, CancellationToken cancel)
    {
        _ = NotebookFile.Read(notebook);
        Directory.CreateDirectory(folder);
        var page = Path.GetFullPath(Path.Combine(folder, Path.ChangeExtension(Path.GetFileName(notebook), ".html")));
        var (status, error) = await Jupyter.Run(
            ["nbconvert", "--to", "html", notebook, "--output-dir", Path.GetDirectoryName(page)!, "--output", Path.GetFileName(page), "--embed-images"], cancel);
        if (status != 0) throw new IOException($"{notebook}: {error.Trim().Split('\n')[^1]}");
        var html = await File.ReadAllTextAsync(page, cancel);
        await File.WriteAllTextAsync(page, Formulas.Add(OutsideScript().Replace(html, "")), cancel);
        return page;
    }

    // The template's own scripts (require.js, MathJax) come from other files or from the network. Plots bring theirs in the page.
    [GeneratedRegex("""<script\b[^>]*\bsrc="[^"]*"[^>]*>\s*</script>""")]
    private static partial Regex OutsideScript();
}
