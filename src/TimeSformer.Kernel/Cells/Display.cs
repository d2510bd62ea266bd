using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace TimeSformer.Jupyter;

/// <summary>Converts displayed values to the data of Jupyter messages.</summary>
internal static class Display
{
    private const int MaxText = 2000;

    /// <summary>The MIME bundle of a value: all types that its formatters prefer, and plain text as a fallback.</summary>
    public static JsonObject Data(object? value, IReadOnlyCollection<FormattedValue> formatted)
    {
        JsonObject data = [];
        foreach (var one in formatted) data[one.MimeType] = Content(one);
        if (!data.ContainsKey(PlainTextFormatter.MimeType) && value is not (IHtmlContent or string))
        {
            var text = Text(value);
            data[PlainTextFormatter.MimeType] = text.Length <= MaxText ? text : text[..MaxText] + " ...";
        }
        return data;
    }

    // For types with a custom formatter, only ToString: reading all members may be slow.
    private static string Text(object? value) =>
        value is not null && Formatter.RegisteredFormatters(includeDefaults: false).Any(formatter => formatter.Type.IsInstanceOfType(value))
            ? value.ToString() ?? ""
            : value.ToDisplayString();

    // JSON types are sent as JSON, all others as text.
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

/// <summary>
/// Finds the display that an update belongs to. The package's <c>display(x)</c> shows one object but returns another with a different id.
/// The two share their array of formatted values, and an update passes on the strings of its MIME types, so each display gets string
/// objects of its own.
/// </summary>
internal sealed class DisplayIds
{
    private readonly ConditionalWeakTable<string, string> ids = [];

    /// <summary>The id of a new display, or null.</summary>
    public string? Of(DisplayedValueProduced display)
    {
        if (display.ValueId is { } id && display.FormattedValues is FormattedValue[] shared)
        {
            for (int i = 0; i < shared.Length; i++)
            {
                var own = new string(shared[i].MimeType);
                shared[i] = new(own, shared[i].Value) { SuppressDisplay = shared[i].SuppressDisplay };
                ids.Add(own, id);
            }
        }
        return display.ValueId;
    }

    /// <summary>The id of the display that an update changes.</summary>
    public string Of(DisplayedValueUpdated display) =>
        display.FormattedValues.Select(value => ids.TryGetValue(value.MimeType, out var id) ? id : null).OfType<string>().FirstOrDefault()
        ?? display.ValueId;
}
