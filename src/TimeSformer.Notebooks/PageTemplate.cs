using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TimeSformer.Notebooks;

/// <summary>Pages that need no network, each of a folder with page.html, page.css and page.js.</summary>
internal static partial class PageTemplate
{
    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The page of a folder.</summary>
    /// <param name="folder">Its name.</param>
    /// <param name="title">What the browser's tab shows.</param>
    /// <param name="data">What the script reads.</param>
    public static string Html(string folder, string title, object data)
    {
        var parts = new Dictionary<string, string>
        {
            ["TITLE"] = WebUtility.HtmlEncode(title), ["STYLE"] = Asset(folder, "css"), ["SCRIPT"] = Asset(folder, "js"),
            ["DATA"] = JsonSerializer.Serialize(data, json),                                          // escapes <: no name ends the script
        };
        return Part().Replace(Asset(folder, "html"), part => parts[part.Value]);
    }

    /// <summary>A page inside another.</summary>
    /// <param name="page">Its HTML.</param>
    /// <param name="height">Height in pixels.</param>
    public static string Frame(string page, int height) =>
        $"""<iframe srcdoc="{WebUtility.HtmlEncode(page)}" style="width:100%;height:{height}px;border:0"></iframe>""";

    [GeneratedRegex("TITLE|STYLE|SCRIPT|DATA")]
    private static partial Regex Part();

    private static string Asset(string folder, string kind)
    {
        using var stream = typeof(PageTemplate).Assembly.GetManifestResourceStream($"TimeSformer.Notebooks.{folder}.page.{kind}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
