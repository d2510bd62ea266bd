using System.Text.RegularExpressions;

namespace TimeSformer.Cli.Notebooks;

/// <summary>A notebook as one self-contained HTML file.</summary>
internal static partial class NotebookPage
{
    /// <summary>Writes the page of a notebook with its saved outputs.</summary>
    /// <returns>The page's path.</returns>
    /// <exception cref="InputException">The file is not a notebook, or Jupyter is not installed.</exception>
    /// <exception cref="IOException">Jupyter fails to convert it.</exception>
    public static async Task<string> Write(string notebook, string folder, CancellationToken cancel)
    {
        _ = NotebookFile.Read(notebook);
        Directory.CreateDirectory(folder);
        var page = Path.GetFullPath(Path.Combine(folder, Path.ChangeExtension(Path.GetFileName(notebook), ".html")));
        string[] output = ["--output-dir", Path.GetDirectoryName(page)!, "--output", Path.GetFileName(page)];
        var (status, error) = await Jupyter.Run(["nbconvert", "--to", "html", notebook, .. output, "--embed-images"], cancel);
        if (status != 0) throw new IOException($"{notebook}: {error.Trim().Split('\n')[^1]}");
        var html = await File.ReadAllTextAsync(page, cancel);
        await File.WriteAllTextAsync(page, Formulas.Add(OutsideScript().Replace(html, "")), cancel);
        return page;
    }

    // The template's scripts (require.js, MathJax) come from other files or the network; plots have theirs in the page.
    [GeneratedRegex("""<script\b[^>]*\bsrc="[^"]*"[^>]*>\s*</script>""")]
    private static partial Regex OutsideScript();
}
