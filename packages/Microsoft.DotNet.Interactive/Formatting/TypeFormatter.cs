namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>What the formatters of one MIME type share.</summary>
public abstract class TypeFormatter<T> : ITypeFormatter<T>
{
    /// <param name="type">What it formats, where that is not <typeparamref name="T"/> itself.</param>
    protected TypeFormatter(Type? type = null) => Type = type ?? typeof(T);

    public abstract string MimeType { get; }

    public Type Type { get; }

    public abstract bool Format(T? value, FormatContext context);

    bool ITypeFormatter.Format(object? instance, FormatContext context) => Format((T?)instance, context);
}

/// <summary>A formatter made of a function, for a type known at run time only.</summary>
internal sealed class AnonymousTypeFormatter(Type type, string mimeType, Func<object, FormatContext, bool> format) : ITypeFormatter
{
    public string MimeType => mimeType;

    public Type Type => type;

    public bool Format(object? instance, FormatContext context)
    {
        if (instance is not null) return format(instance, context);
        context.Writer.Write(Formatter.NullString);
        return true;
    }
}
