namespace Microsoft.DotNet.Interactive.Jupyter.Cells;

/// <summary>Types as C# code names them.</summary>
internal static class TypeNames
{
    /// <summary>The full name with its type arguments.</summary>
    public static string Of(Type type)
    {
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        var arguments = type.GetGenericArguments();
        int used = 0;
        var name = "";
        // Outer types first; each has its own share of the arguments.
        foreach (var part in Enclosing(type))
        {
            int count = part.GetGenericArguments().Length - used;
            var simple = part.Name.Split('`')[0];
            name += (name.Length > 0 ? "." : "") + simple + (count > 0 ? $"<{string.Join(", ", arguments.Skip(used).Take(count).Select(Of))}>" : "");
            used += count;
        }
        return $"global::{(string.IsNullOrEmpty(type.Namespace) ? "" : $"{type.Namespace}.")}{name}";
    }

    /// <summary>The type, or what is public of it: a base class, or an interface that no other of its interfaces extends.</summary>
    public static Type Visible(Type type)
    {
        if (type.IsVisible) return type;
        for (var basis = type.BaseType; basis is not null && basis != typeof(object); basis = basis.BaseType)
        {
            if (basis.IsVisible) return basis;
        }
        Type[] interfaces = [.. type.GetInterfaces().Where(one => one.IsVisible)];
        return interfaces.Where(one => !interfaces.Any(other => other != one && one.IsAssignableFrom(other))).OrderByDescending(one => one.IsGenericType).FirstOrDefault() ?? type;
    }

    private static IEnumerable<Type> Enclosing(Type type) => type.DeclaringType is { } outer ? Enclosing(outer).Append(type) : [type];
}
