using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>What is shown of a value: its public fields and properties, or its own words.</summary>
internal static class Members
{
    private static readonly ConcurrentDictionary<Type, Member[]> Known = new();

    /// <summary>A field or property.</summary>
    public sealed record Member(string Name, Func<object, object?> Get);

    public static Member[] Of(Type type) => Known.GetOrAdd(type, Find);

    /// <summary>A value that is one word or number, not made of parts.</summary>
    public static bool IsScalar(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || IsInWords(type);
    }

    /// <summary>Whether a type describes itself by a ToString() of its own. The one that the compiler writes for records and tuples does not count.</summary>
    public static bool IsInWords(Type type)
    {
        if (typeof(IEnumerable).IsAssignableFrom(type) || typeof(ITuple).IsAssignableFrom(type) || IsPair(type)) return false;
        var toString = type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance, [])!;
        return toString.DeclaringType != typeof(object) && toString.DeclaringType != typeof(ValueType)
            && toString.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !IsAnonymous(type);
    }

    public static bool IsAnonymous(Type type) => type.Name.Contains("AnonymousType", StringComparison.Ordinal);

    public static bool IsPair(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    /// <summary>A type's name as C# writes it.</summary>
    public static string NameOf(Type type)
    {
        if (IsAnonymous(type)) return "";
        if (type.IsArray) return $"{NameOf(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (!type.IsGenericType) return type.Name;
        var name = type.Name.Split('`')[0];
        return $"{name}<{string.Join(",", type.GetGenericArguments().Select(NameOf))}>";
    }

    /// <summary>Reads a member; where that fails, returns what went wrong.</summary>
    public static object? Read(Member member, object instance)
    {
        try
        {
            return member.Get(instance);
        }
        catch (Exception error)
        {
            return new Failure((error as TargetInvocationException)?.InnerException ?? error);
        }
    }

    private static Member[] Find(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && property.GetMethod is { IsPublic: true } && !property.PropertyType.IsByRefLike && !Waits(property))
            .Select(property => new Member(property.Name, property.GetValue)),
        .. type.GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => new Member(field.Name, field.GetValue)),
    ];

    // Looking at a task must not wait for it.
    private static bool Waits(PropertyInfo property) =>
        property.Name == nameof(Task<>.Result) && property.DeclaringType is { IsGenericType: true } owner
        && (owner.GetGenericTypeDefinition() == typeof(Task<>) || owner.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private sealed class Failure(Exception error)
    {
        public override string ToString() => $"{error.GetType().Name}: {error.Message}";
    }
}
