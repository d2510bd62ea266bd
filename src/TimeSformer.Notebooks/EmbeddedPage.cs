using System.Text.RegularExpressions;

namespace TimeSformer.Notebooks;

/// <summary>HTML pages that need no network, each from the files of a folder: <c>page.html</c> names the others in double braces.</summary>
internal static partial class EmbeddedPage
{
    /// <summary>A page with its parts inserted; what they contain is not looked through again.</summary>
    /// <param name="folder">The folder, such as Explain.</param>
    /// <param name="values">What is inserted that is not a file, by name. JSON is safe in a script: the serializer escapes &lt;.</param>
    public static string Html(string folder, IReadOnlyDictionary<string, string> values) =>
        Insertion().Replace(
            Part(folder, "page.html"), found => values.GetValueOrDefault(found.Groups[1].Value) ?? Part(folder, found.Groups[1].Value));

    private static string Part(string folder, string name)
    {
        using var stream = typeof(EmbeddedPage).Assembly.GetManifestResourceStream($"TimeSformer.Notebooks.{folder}.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }

    [GeneratedRegex(@"\{\{([\w.]+)\}\}")]
    private static partial Regex Insertion();
}
