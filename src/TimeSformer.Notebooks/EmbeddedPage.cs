using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TimeSformer.Notebooks;

/// <summary>
/// HTML pages that need no network and may not use it, each from the files of a folder: <c>page.html</c>, which follows a head that all
/// have, names the others in double braces.
/// </summary>
internal static partial class EmbeddedPage
{
    private const string Data = "data";

    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>A page with its parts inserted; what they contain is not looked through again.</summary>
    /// <param name="folder">The folder, such as Explain.</param>
    /// <param name="title">The page's title.</param>
    /// <param name="data">What its script reads.</param>
    public static string Html(string folder, string title, object data) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy"
          content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
        <title>{WebUtility.HtmlEncode(title)}</title>

        """ + Insertion().Replace(
            File($"{folder}.page.html"),
            found => found.Groups[1].Value is Data ? Json(data) : File($"{folder}.{found.Groups[1].Value}"));

    /// <summary>An object as JSON with names in camel case; in a script, no text in it can end the script.</summary>
    public static string Json(object data) =>
        // The serializer escapes <. Plus is frequent in base64, and no danger.
        JsonSerializer.Serialize(data, json).Replace("\\u002B", "+");

    /// <summary>A file of this project that is part of its assembly, by its path with dots between the parts.</summary>
    public static string File(string name)
    {
        using var stream = typeof(EmbeddedPage).Assembly.GetManifestResourceStream($"TimeSformer.Notebooks.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }

    [GeneratedRegex(@"\{\{([\w.]+)\}\}")]
    private static partial Regex Insertion();
}
