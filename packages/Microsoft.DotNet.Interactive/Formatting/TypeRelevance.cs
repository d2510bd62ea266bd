namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Which of several registrations fits a type best.</summary>
internal static class TypeRelevance
{
    /// <summary>Whether what is registered for <paramref name="registered"/>, perhaps an open generic type, is meant for <paramref name="actual"/> too.</summary>
    public static bool Covers(Type registered, Type actual)
    {
        if (!registered.IsGenericTypeDefinition) return registered.IsAssignableFrom(actual);
        for (var type = actual; type is not null; type = type.BaseType)
        {
            if (Closes(type, registered)) return true;
        }
        return actual.GetInterfaces().Any(type => Closes(type, registered));
    }

    /// <summary>Those that cover a type, derived types before their bases; equals stay in order.</summary>
    public static IEnumerable<T> MostSpecificFirst<T>(IEnumerable<T> registrations, Func<T, Type> typeOf, Type actual)
    {
        List<T> fitting = [.. registrations.Where(registration => Covers(typeOf(registration), actual))];
        // How many of the others are more specific: a count, because Covers orders types only partially.
        return fitting.OrderBy(one => fitting.Count(other => typeOf(other) != typeOf(one) && Covers(typeOf(one), typeOf(other))));
    }

    private static bool Closes(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;
}
