using System.Reflection;

namespace ApiCheck;

/// <summary>What an assembly lets other assemblies use: its visible types, and for each a set of one-line signatures.</summary>
internal sealed class Surface
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private readonly Dictionary<string, Type> byName;

    public Surface(Assembly assembly)
    {
        Types = [.. assembly.GetTypes().Where(IsVisible).OrderBy(Signature.Of, StringComparer.Ordinal)];
        Namespaces = [.. Types.Select(t => t.Namespace ?? "")];
        byName = Types.ToDictionary(Signature.Of);
    }

    public IReadOnlyList<Type> Types { get; }

    public HashSet<string> Namespaces { get; }

    public Type? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>What the type itself declares, in words that say what a caller may do with it.</summary>
    public static IEnumerable<string> Declared(Type type) => Shape(type).Concat(Members(type, inherited: false)).Distinct();

    /// <summary>What the type declares or inherits: an override in a subset is no addition.</summary>
    public static HashSet<string> Reachable(Type type)
    {
        HashSet<string> lines = [.. Shape(type), .. Members(type, inherited: false)];
        var bases = type.IsInterface ? type.GetInterfaces() : BasesOf(type);
        foreach (var ancestor in bases)
            lines.UnionWith(Members(ancestor, inherited: true));
        return lines;
    }

    /// <summary>The word by which two versions of one member recognise each other.</summary>
    public static string NameIn(string line)
    {
        var end = line.IndexOfAny(['(', '[', '{', '=']);
        var head = (end < 0 ? line : line[..end]).TrimEnd();
        return head[(head.LastIndexOf(' ') + 1)..];
    }

    private static IEnumerable<string> Shape(Type type)
    {
        yield return type.IsEnum ? $"enum of {Signature.Of(type.GetEnumUnderlyingType())}"
            : IsDelegate(type) ? "delegate"
            : type.IsInterface ? "interface"
            : type.IsValueType ? (type.CustomAttributes.Any(a => a.AttributeType.Name == "IsByRefLikeAttribute") ? "ref struct" : "struct")
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : "class";
        if (type.IsEnum)
            yield break;
        if (type.IsGenericTypeDefinition)
            yield return "type parameters " + Signature.TypeParameters(type.GetGenericArguments());
        if (type.IsClass && !type.IsAbstract)
            yield return "can be instantiated";
        if (type.IsClass && !type.IsSealed)
            yield return "can be derived from";
        foreach (var ancestor in BasesOf(type).Where(b => b.FullName is not ("System.Object" or "System.ValueType")))
            yield return $"derives from {Signature.Of(ancestor)}";
        foreach (var contract in type.GetInterfaces().Where(i => i.IsVisible))
            yield return $"implements {Signature.Of(contract)}";
    }

    private static IEnumerable<string> Members(Type type, bool inherited)
    {
        if (IsDelegate(type))
            return [Signature.OfMethod(type.GetMethod("Invoke")!)];
        if (type.IsEnum)
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"{f.Name} = {f.GetRawConstantValue()}");

        var lines = new List<string>();
        if (!inherited)
            lines.AddRange(type.GetConstructors(All).Where(c => !c.IsStatic && IsVisible(c)).Select(Signature.OfConstructor));
        foreach (var method in type.GetMethods(All).Where(IsVisible).Where(m => m.Name != "Finalize" && !IsAccessor(m)))
            lines.Add(Signature.OfMethod(method));
        foreach (var property in type.GetProperties(All))
            lines.AddRange(property.GetAccessors(nonPublic: true).Where(IsVisible).Select(accessor => Signature.OfAccessor(property, accessor)));
        foreach (var @event in type.GetEvents(All).Where(e => IsVisible(e.AddMethod!)))
            lines.Add(Signature.OfEvent(@event));
        foreach (var field in type.GetFields(All).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
            lines.AddRange(Signature.OfField(field));
        return lines;
    }

    private static IEnumerable<Type> BasesOf(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
            yield return ancestor;
    }

    private static bool IsDelegate(Type type) => type.BaseType?.FullName == "System.MulticastDelegate";

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(Type type) => type.IsNested
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
        : type.IsPublic;
}
