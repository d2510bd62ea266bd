namespace Microsoft.DotNet.Interactive.Formatting;

public static partial class Formatter
{
    /// <summary>A value's text in a MIME type.</summary>
    public static string ToDisplayString(this object? obj, string mimeType = PlainTextFormatter.MimeType)
    {
        ArgumentNullException.ThrowIfNull(mimeType);
        using var writer = new StringWriter();
        using (var context = new FormatContext(writer)) obj.FormatTo(context, mimeType);
        return writer.ToString();
    }

    /// <summary>A value's text as a given formatter writes it.</summary>
    public static string ToDisplayString(this object? obj, ITypeFormatter formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        using var writer = new StringWriter();
        formatter.Format(obj, writer);
        return writer.ToString();
    }

    /// <summary>Writes a value by a given formatter.</summary>
    public static void Format(this ITypeFormatter formatter, object? instance, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        using var context = new FormatContext(writer);
        formatter.Format(instance, context);
    }

    /// <summary>Writes a value inside another's output.</summary>
    public static void FormatTo<T>(this T? obj, FormatContext context, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(context);
        GetPreferredFormatterFor(obj?.GetType() ?? typeof(T), mimeType).Format(obj, context);
    }
}
