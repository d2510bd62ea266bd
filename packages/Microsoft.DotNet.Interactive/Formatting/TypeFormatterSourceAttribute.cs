namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Names the class that makes a type's formatters. Recognised by its name, so that a library may declare one of its own.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Enum)]
public class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>An <see cref="ITypeFormatterSource"/> with a constructor that takes nothing.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[]? PreferredMimeTypes { get; set; }
}

/// <summary>Makes a type's formatters.</summary>
public interface ITypeFormatterSource
{
    IEnumerable<ITypeFormatter> CreateTypeFormatters();
}
