using System.Reflection;

namespace ApiCheck;

/// <summary>Writes types and members as text that is equal when, and only when, callers see the same thing.</summary>
internal static class Signature
{
    public static string Of(Type type)
    {
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsByRef)
            return Of(type.GetElementType()!) + "&";
        if (type.IsPointer)
            return Of(type.GetElementType()!) + "*";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        var name = type.Name.Split('`')[0];
        var arguments = type.GetGenericArguments();
        var outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var own = arguments.Skip(outer).Select(Of).ToArray();
        if (own.Length > 0)
            name += $"<{string.Join(", ", own)}>";
        if (type.DeclaringType is { } declaring)
            return $"{(outer > 0 && !type.IsGenericTypeDefinition ? Of(declaring.MakeGenericType(arguments[..outer])) : Of(declaring))}.{name}";
        return string.IsNullOrEmpty(type.Namespace) ? name : $"{type.Namespace}.{name}";
    }

    public static string OfConstructor(ConstructorInfo constructor) => $"{Access(constructor)}new({Parameters(constructor.GetParameters())})";

    public static string OfMethod(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition ? TypeParameters(method.GetGenericArguments()) : "";
        return $"{Access(method)}{Kind(method)}{Result(method.ReturnParameter)} {method.Name}{generic}({Parameters(method.GetParameters())})";
    }

    public static string OfAccessor(PropertyInfo property, MethodInfo accessor)
    {
        var index = property.GetIndexParameters();
        var name = index.Length > 0 ? $"{property.Name}[{Parameters(index)}]" : property.Name;
        var kind = accessor == property.GetMethod ? "get"
            : accessor.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ? "init"
            : "set";
        var names = TupleNames(property.CustomAttributes);
        return $"{Access(accessor)}{Kind(accessor)}{Of(property.PropertyType)}{names} {name} {{ {kind}; }}";
    }

    public static string OfEvent(EventInfo @event) => $"{Access(@event.AddMethod!)}{Kind(@event.AddMethod!)}event {Of(@event.EventHandlerType!)} {@event.Name}";

    /// <summary>A field is two promises where it can be written to: that it can be read, and that it can be set.</summary>
    public static IEnumerable<string> OfField(FieldInfo field)
    {
        var access = field.IsPublic ? "" : "protected ";
        var text = $"{Of(field.FieldType)}{TupleNames(field.CustomAttributes)} {field.Name}";
        if (field.IsLiteral)
        {
            yield return $"{access}const {text} = {Literal(field.GetRawConstantValue())}";
            yield break;
        }
        yield return $"{access}{(field.IsStatic ? "static " : "")}field {text}";
        if (!field.IsInitOnly)
            yield return $"{access}{(field.IsStatic ? "static " : "")}writable field {text}";
    }

    public static string TypeParameters(Type[] parameters)
    {
        var written = parameters.Select(p =>
        {
            var attributes = p.GenericParameterAttributes;
            List<string> rules = [];
            if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
                rules.Add("class");
            if (p.CustomAttributes.Any(a => a.AttributeType.Name == "IsUnmanagedAttribute"))
                rules.Add("unmanaged");
            else if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
                rules.Add("struct");
            else if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
                rules.Add("new()");
            rules.AddRange(p.GetGenericParameterConstraints().Select(Of).Where(c => c != "System.ValueType").Order(StringComparer.Ordinal));
            var variance = (attributes & GenericParameterAttributes.VarianceMask) switch
            {
                GenericParameterAttributes.Covariant => "out ",
                GenericParameterAttributes.Contravariant => "in ",
                _ => "",
            };
            return variance + p.Name + (rules.Count > 0 ? $": {string.Join(" and ", rules)}" : "");
        });
        return $"<{string.Join(", ", written)}>";
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Kind(MethodInfo method) =>
        method.IsStatic ? (method.IsAbstract ? "static abstract " : "static ")
        : method is { IsAbstract: true, DeclaringType.IsInterface: false } ? "abstract "
        : "";

    private static string Result(ParameterInfo result)
    {
        var readOnly = result.ParameterType.IsByRef && result.GetRequiredCustomModifiers().Any(m => m.Name == "InAttribute");
        return (readOnly ? "readonly " : "") + Of(result.ParameterType) + TupleNames(result.CustomAttributes);
    }

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select((p, i) =>
    {
        var text = "";
        if (i == 0 && p.Member.CustomAttributes.Any(a => a.AttributeType.Name == "ExtensionAttribute"))
            text += "this ";
        if (p.CustomAttributes.Any(a => a.AttributeType.Name is "ParamArrayAttribute" or "ParamCollectionAttribute"))
            text += "params ";
        if (p.ParameterType.IsByRef)
        {
            text += p.IsOut ? "out "
                : p.CustomAttributes.Any(a => a.AttributeType.Name == "RequiresLocationAttribute") ? "ref readonly "
                : p.IsIn ? "in "
                : "ref ";
        }
        text += (p.ParameterType.IsByRef ? Of(p.ParameterType.GetElementType()!) : Of(p.ParameterType)) + TupleNames(p.CustomAttributes) + " " + p.Name;
        // F#'s options may say `true` by default, which no C# declaration can: to callers it is an argument that may be left out.
        if (p.HasDefaultValue || p.IsOptional)
            text += " = " + Literal(p.HasDefaultValue && p.ParameterType.Name != "FSharpOption`1" ? p.RawDefaultValue : null);
        return text;
    }));

    private static string TupleNames(IEnumerable<CustomAttributeData> attributes)
    {
        var names = attributes.FirstOrDefault(a => a.AttributeType.Name == "TupleElementNamesAttribute");
        if (names?.ConstructorArguments[0].Value is not IEnumerable<CustomAttributeTypedArgument> values)
            return "";
        return $" as ({string.Join(", ", values.Select(v => v.Value ?? "_"))})";
    }

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        char c => $"'{(int)c}'",
        bool b => b ? "true" : "false",
        _ => value.ToString()!,
    };
}
