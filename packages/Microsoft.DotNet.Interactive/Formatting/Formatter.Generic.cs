namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Formats values whose type is known.</summary>
public static class Formatter<T>
{
    /// <summary>Writes a value inside another's output.</summary>
    public static void FormatTo(T? obj, FormatContext context, string mimeType = PlainTextFormatter.MimeType) => obj.FormatTo(context, mimeType);
}
