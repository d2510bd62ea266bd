using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace TimeSformer.Jupyter;

/// <summary>Displays as the data of Jupyter's messages.</summary>
internal static class Display
{
    private const int LongestText = 2000;

    /// <summary>A MIME bundle: all types that the value's formatters prefer, and plain text for clients that show nothing else.</summary>
    public static JsonObject Data(object? value, IReadOnlyCollection<FormattedValue> formatted)
    {
        JsonObject data = [];
        foreach (var one in formatted) data[one.MimeType] = Content(one);
        if (!data.ContainsKey(PlainTextFormatter.MimeType) && value is not (IHtmlContent or string))
        {
            var text = Text(value);
            data[PlainTextFormatter.MimeType] = text.Length <= LongestText ? text : text[..LongestText] + " ...";
        }
        return data;
    }

    // Of a type with a formatter of its own the members are nobody's business, and to read them may be costly.
    private static string Text(object? value) =>
        value is not null && Formatter.RegisteredFormatters(includeDefaults: false).Any(formatter => formatter.Type.IsInstanceOfType(value))
            ? value.ToString() ?? ""
            : value.ToDisplayString();

    // JSON types travel as JSON, all others as text.
    private static JsonNode? Content(FormattedValue formatted)
    {
        bool isJson = formatted.MimeType == JsonFormatter.MimeType || formatted.MimeType.EndsWith("+json", StringComparison.Ordinal);
        if (!isJson) return formatted.Value;
        try
        {
            return JsonNode.Parse(formatted.Value);
        }
        catch (JsonException)
        {
            return formatted.Value;
        }
    }
}
