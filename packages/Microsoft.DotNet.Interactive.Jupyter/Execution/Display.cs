using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.Jupyter.Execution;

/// <summary>Displays as the data of Jupyter's messages.</summary>
internal static class Display
{
    private const int LongestText = 2000;

    /// <summary>A MIME bundle. Plain text is added for clients that show nothing else, where it says the same in few words.</summary>
    public static JsonObject Data(object? value, IReadOnlyList<FormattedValue> formatted)
    {
        JsonObject data = [];
        foreach (var one in formatted) data[one.MimeType] = Content(one);
        if (!data.ContainsKey(PlainTextFormatter.MimeType) && value is not (IHtmlContent or string) && Formatter.IsFormattedByDefault(value?.GetType() ?? typeof(object)))
        {
            var text = value.ToDisplayString();
            data[PlainTextFormatter.MimeType] = text.Length <= LongestText ? text : text[..LongestText] + " ...";
        }
        return data;
    }

    // JSON types travel as JSON, all others as text.
    private static JsonNode? Content(FormattedValue formatted)
    {
        if (formatted.MimeType != JsonFormatter.MimeType && !formatted.MimeType.EndsWith("+json", StringComparison.Ordinal)) return formatted.Value;
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
