using System.Collections;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Values as plain text.</summary>
public static class PlainTextFormatter
{
    public const string MimeType = "text/plain";

    internal static ITypeFormatter[] Defaults =>
    [
        new AnonymousTypeFormatter(typeof(object), MimeType, WriteObject),
        new AnonymousTypeFormatter(typeof(IEnumerable), MimeType, (value, context) => WriteItems((IEnumerable)value, context)),
        new AnonymousTypeFormatter(typeof(KeyValuePair<,>), MimeType, WritePair),
        new AnonymousTypeFormatter(typeof(string), MimeType, WriteWords),
        new AnonymousTypeFormatter(typeof(Type), MimeType, (value, context) =>
        {
            context.Writer.Write(((Type)value).FullName ?? ((Type)value).Name);
            return true;
        }),
    ];

    public static ITypeFormatter GetPreferredFormatterFor(Type type) => Formatter.GetPreferredFormatterFor(type, MimeType);

    public static ITypeFormatter GetPreferredFormatterFor<T>() => GetPreferredFormatterFor(typeof(T));

    private static bool WriteObject(object value, FormatContext context)
    {
        var type = value.GetType();
        var members = Members.IsScalar(type) || !context.AllowsRecursion ? [] : Members.Of(type);
        if (members.Length == 0) return WriteWords(value, context);
        string name = Members.NameOf(type);
        context.Writer.Write(name.Length > 0 ? $"{name} {{ " : "{ ");
        context.Nested(() =>
        {
            for (int i = 0; i < members.Length; i++)
            {
                if (i > 0) context.Writer.Write(", ");
                context.Writer.Write($"{members[i].Name}: ");
                Members.Read(members[i], value).FormatTo(context, MimeType);
            }
        });
        context.Writer.Write(" }");
        return true;
    }

    private static bool WriteItems(IEnumerable items, FormatContext context)
    {
        if (!context.AllowsRecursion) return WriteWords(items, context);
        context.Writer.Write("[ ");
        context.Nested(() =>
        {
            var (shown, more) = Sequences.Take(items);
            for (int i = 0; i < shown.Count; i++)
            {
                if (i > 0) context.Writer.Write(", ");
                shown[i].FormatTo(context, MimeType);
            }
            if (more is not null) context.Writer.Write($" ... ({more})");
        });
        context.Writer.Write(" ]");
        return true;
    }

    private static bool WritePair(object pair, FormatContext context)
    {
        var members = Members.Of(pair.GetType());
        members[0].Get(pair).FormatTo(context, MimeType);
        context.Writer.Write(": ");
        members[1].Get(pair).FormatTo(context, MimeType);
        return true;
    }

    private static bool WriteWords(object value, FormatContext context)
    {
        context.Writer.Write(value is IFormattable number ? number.ToString(null, null) : value.ToString());
        return true;
    }
}
