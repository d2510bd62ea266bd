using System.Collections.Concurrent;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>How values become text, HTML and other MIME types: the formatters, and which of them is preferred for a type.</summary>
public static partial class Formatter
{
    // Newest first: of two for the same type the later registered one wins.
    private static readonly ConcurrentStack<ITypeFormatter> Own = new();
    private static readonly ConcurrentStack<ITypeFormatter> BuiltIn = new();
    private static readonly ConcurrentStack<(Type Type, string[] MimeTypes)> Preferences = new();
    private static readonly ConcurrentDictionary<Type, bool> AskedForSources = new();

    static Formatter() => ResetToDefault();

    /// <summary>The MIME type in which values are displayed that have no preference: text/html.</summary>
    public static string DefaultMimeType { get; set; } = HtmlFormatter.MimeType;

    /// <summary>How many items of a sequence are written out.</summary>
    /// <exception cref="ArgumentException">It is negative.</exception>
    public static int ListExpansionLimit
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentException($"{nameof(ListExpansionLimit)} must be at least 0");
    }

    /// <summary>How deep values inside values are written out.</summary>
    /// <exception cref="ArgumentException">It is negative.</exception>
    public static int RecursionLimit
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentException($"{nameof(RecursionLimit)} must be at least 0");
    }

    /// <summary>What stands for null.</summary>
    public static string NullString { get; set; } = "<null>";

    /// <summary>Adds a formatter; it goes before those that are registered already.</summary>
    public static void Register(ITypeFormatter formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        Own.Push(formatter);
    }

    /// <summary>Formats values of a type by a function that writes them.</summary>
    public static void Register<T>(FormatDelegate<T> formatter, string mimeType = PlainTextFormatter.MimeType) =>
        Register(new AnonymousTypeFormatter(typeof(T), mimeType, (value, context) => formatter((T)value, context)));

    /// <summary>Formats values of a type, which may be an open generic one, by a function that writes them.</summary>
    public static void Register(Type type, FormatDelegate<object> formatter, string mimeType = PlainTextFormatter.MimeType) =>
        Register(new AnonymousTypeFormatter(type, mimeType, (value, context) => formatter(value, context)));

    /// <summary>Formats values of a type, which may be an open generic one, by a function that writes them.</summary>
    public static void Register(Type type, Action<object, TextWriter> formatter, string mimeType = PlainTextFormatter.MimeType) =>
        Register(new AnonymousTypeFormatter(type, mimeType, (value, context) =>
        {
            formatter(value, context.Writer);
            return true;
        }));

    /// <summary>Formats values of a type by a function that writes them.</summary>
    public static void Register<T>(Action<T, TextWriter> formatter, string mimeType = PlainTextFormatter.MimeType) =>
        Register(typeof(T), (value, writer) => formatter((T)value, writer), mimeType);

    /// <summary>Formats values of a type by a function that returns their text.</summary>
    public static void Register<T>(Func<T, string> formatter, string mimeType = PlainTextFormatter.MimeType) =>
        Register(typeof(T), (value, writer) => writer.Write(formatter((T)value)), mimeType);

    /// <summary>The formatters in the order in which they are asked.</summary>
    public static IEnumerable<ITypeFormatter> RegisteredFormatters(bool includeDefaults = true) => includeDefaults ? Own.Concat(BuiltIn) : Own;

    /// <summary>In which MIME types values of a type, and of derived types, are displayed.</summary>
    public static void SetPreferredMimeTypesFor(Type type, params string[] preferredMimeTypes)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (preferredMimeTypes is not { Length: > 0 } || preferredMimeTypes.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("at least one MIME type is needed, and none may be empty", nameof(preferredMimeTypes));
        }
        Preferences.Push((type, preferredMimeTypes));
    }

    /// <summary>In which MIME types values of a type are displayed.</summary>
    public static IReadOnlyCollection<string> GetPreferredMimeTypesFor(Type? type)
    {
        type ??= typeof(object);
        AskForSources(type);
        return TypeRelevance.MostSpecificFirst(Preferences, preference => preference.Type, type).Select(preference => preference.MimeTypes).FirstOrDefault()
            ?? [DefaultMimeType];
    }

    /// <summary>The formatter for values of a type: the most specific one that was registered, else a built-in one.</summary>
    /// <exception cref="ArgumentException">None writes this MIME type.</exception>
    public static ITypeFormatter GetPreferredFormatterFor(Type actualType, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(actualType);
        ArgumentNullException.ThrowIfNull(mimeType);
        AskForSources(actualType);
        ITypeFormatter[] candidates = [.. Candidates(Own, actualType, mimeType), .. Candidates(BuiltIn, actualType, mimeType)];
        return candidates.Length switch
        {
            0 => throw new ArgumentException($"no formatter is registered for the MIME type {mimeType} and {actualType}"),
            1 => candidates[0],
            _ => new AnonymousTypeFormatter(candidates[0].Type, mimeType, (value, context) => candidates.Any(candidate => candidate.Format(value, context))),
        };
    }

    /// <summary>Forgets what was registered and set.</summary>
    public static void ResetToDefault()
    {
        Own.Clear();
        BuiltIn.Clear();
        Preferences.Clear();
        AskedForSources.Clear();
        BuiltIn.PushRange([.. HtmlFormatter.Defaults, .. PlainTextFormatter.Defaults, .. JsonFormatter.Defaults]);
        Preferences.Push((typeof(string), [PlainTextFormatter.MimeType]));
        DefaultMimeType = HtmlFormatter.MimeType;
        ListExpansionLimit = 20;
        RecursionLimit = 6;
        NullString = "<null>";
    }

    /// <summary>Whether only the built-in formatters know a type.</summary>
    internal static bool IsFormattedByDefault(Type type) =>
        !Own.Any(formatter => TypeRelevance.Covers(formatter.Type, type)) && !AskedForSources.GetValueOrDefault(type);

    private static IEnumerable<ITypeFormatter> Candidates(IEnumerable<ITypeFormatter> formatters, Type type, string mimeType) =>
        TypeRelevance.MostSpecificFirst(formatters.Where(formatter => formatter.MimeType == mimeType), formatter => formatter.Type, type);

    // A type's own formatters count as built in, so that registered ones go before them.
    private static void AskForSources(Type type)
    {
        if (AskedForSources.ContainsKey(type)) return;
        bool found = false;
        foreach (var source in FormatterSources.Of(type))
        {
            found = true;
            foreach (var formatter in source.Formatters) BuiltIn.Push(formatter);
            if (source.PreferredMimeTypes is { Length: > 0 } preferred) Preferences.Push((type, preferred));
        }
        AskedForSources[type] = found;
    }
}
