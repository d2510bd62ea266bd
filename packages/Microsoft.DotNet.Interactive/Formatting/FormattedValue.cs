namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A value's text in one MIME type.</summary>
public class FormattedValue
{
    public FormattedValue(string mimeType, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mimeType);
        MimeType = mimeType;
        Value = value;
    }

    public string MimeType { get; }

    /// <summary>The text; bytes, as of an image, in base 64.</summary>
    public string Value { get; }

    public bool SuppressDisplay { get; set; }

    /// <summary>Formats in one MIME type: the preferred one of the value's type where none is named.</summary>
    public static FormattedValue CreateSingleFromObject(object? value, string? mimeType = null)
    {
        mimeType ??= Formatter.GetPreferredMimeTypesFor(value?.GetType()).First();
        return new FormattedValue(mimeType, value.ToDisplayString(mimeType));
    }

    /// <summary>Formats in several MIME types: those preferred for the value's type where none is named.</summary>
    public static IReadOnlyList<FormattedValue> CreateManyFromObject(object? value, params string[] mimeTypes)
    {
        IEnumerable<string> wanted = mimeTypes is { Length: > 0 } ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value?.GetType());
        return [.. wanted.Select(mimeType => CreateSingleFromObject(value, mimeType))];
    }

    public override string ToString() => $"{MimeType}: {(Value.Length > 50 ? Value[..50] + "..." : Value)}";
}
