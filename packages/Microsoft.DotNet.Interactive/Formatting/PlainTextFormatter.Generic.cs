namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Writes values as plain text.</summary>
public class PlainTextFormatter<T>(FormatDelegate<T> format) : TypeFormatter<T>
{
    public PlainTextFormatter(Action<T, FormatContext> format) : this((value, context) =>
    {
        format(value, context);
        return true;
    })
    {
    }

    public PlainTextFormatter(Func<T, string> format) : this((value, context) => context.Writer.Write(format(value)))
    {
    }

    public override string MimeType => PlainTextFormatter.MimeType;

    public override bool Format(T? value, FormatContext context)
    {
        if (value is not null) return format(value, context);
        context.Writer.Write(Formatter.NullString);
        return true;
    }
}
