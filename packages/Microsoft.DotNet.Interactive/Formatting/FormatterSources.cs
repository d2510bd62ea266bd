using System.Reflection;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>The formatters that a type brings along by an attribute named TypeFormatterSourceAttribute: ours, or one of the type's own library.</summary>
internal static class FormatterSources
{
    public static IEnumerable<(ITypeFormatter[] Formatters, string[]? PreferredMimeTypes)> Of(Type type)
    {
        foreach (var attribute in type.GetCustomAttributes(inherit: true).Where(attribute => attribute.GetType().Name == nameof(TypeFormatterSourceAttribute)))
        {
            if (Get(attribute, nameof(TypeFormatterSourceAttribute.FormatterSourceType)) is not Type sourceType) continue;
            yield return (Create(sourceType, type), Get(attribute, nameof(TypeFormatterSourceAttribute.PreferredMimeTypes)) as string[]);
        }
    }

    private static ITypeFormatter[] Create(Type sourceType, Type formatted)
    {
        var source = Activator.CreateInstance(sourceType)!;
        if (source is ITypeFormatterSource known) return [.. known.CreateTypeFormatters()];
        var made = sourceType.GetMethod(nameof(ITypeFormatterSource.CreateTypeFormatters), [])?.Invoke(source, null) as IEnumerable<object>
            ?? throw new InvalidOperationException($"{sourceType}, named as the formatter source of {formatted}, has no method CreateTypeFormatters() that returns formatters");
        return [.. made.Select(formatter => Adapt(formatter, formatted))];
    }

    // By convention: string MimeType, bool Format(object, TextWriter).
    private static AnonymousTypeFormatter Adapt(object formatter, Type formatted)
    {
        var format = formatter.GetType().GetMethod(nameof(ITypeFormatter.Format), [typeof(object), typeof(TextWriter)]);
        if (format?.ReturnType != typeof(bool) || Get(formatter, nameof(ITypeFormatter.MimeType)) is not string mimeType)
        {
            throw new InvalidOperationException($"{formatter.GetType()}, a formatter of {formatted}, needs a property string MimeType and a method bool Format(object, TextWriter)");
        }
        var call = format.CreateDelegate<Func<object, TextWriter, bool>>(formatter);
        return new AnonymousTypeFormatter(formatted, mimeType, (value, context) => call(value, context.Writer));
    }

    private static object? Get(object source, string property) =>
        source.GetType().GetProperty(property, BindingFlags.Public | BindingFlags.Instance)?.GetValue(source);
}
