namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Writes values of one type in one MIME type.</summary>
public interface ITypeFormatter
{
    string MimeType { get; }

    /// <summary>The type whose values, and those of derived types, it formats.</summary>
    Type Type { get; }

    /// <summary>Writes a value.</summary>
    /// <returns>False where it declines: the next less specific formatter is tried.</returns>
    bool Format(object? instance, FormatContext context);
}

/// <summary>Writes values of <typeparamref name="T"/> in one MIME type.</summary>
public interface ITypeFormatter<in T> : ITypeFormatter
{
    bool Format(T? instance, FormatContext context);
}

/// <summary>Writes a value; false where it declines.</summary>
public delegate bool FormatDelegate<in T>(T value, FormatContext context);
