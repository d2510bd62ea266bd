using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Microsoft.DotNet.Interactive.Jupyter.Editing;

/// <summary>A symbol's documentation comment as text.</summary>
internal static partial class Documentation
{
    /// <summary>A part of the documentation: summary, parameters, what is returned, exceptions, remarks.</summary>
    public sealed record Section(string Text, string Markdown);

    public static IReadOnlyList<Section> Of(ISymbol symbol)
    {
        if (Read(symbol) is not { } documentation) return [];
        List<Section> sections = [];
        Add("", documentation.Element("summary"));
        foreach (var parameter in documentation.Elements("param").Concat(documentation.Elements("typeparam"))) Add($"{(string?)parameter.Attribute("name")}: ", parameter);
        Add("Returns: ", documentation.Element("returns"));
        foreach (var exception in documentation.Elements("exception")) Add($"{Short((string?)exception.Attribute("cref"))}: ", exception);
        Add("", documentation.Element("remarks"));
        return sections;

        void Add(string title, XElement? element)
        {
            if (element is null || Spaces().Replace(Text(element, code => code), " ").Trim() is not { Length: > 0 } text) return;
            var markdown = Spaces().Replace(Text(element, code => $"`{code}`"), " ").Trim();
            sections.Add(new(title + text, title.Length > 0 ? $"**{title.TrimEnd()}** {markdown}" : markdown));
        }
    }

    private static XElement? Read(ISymbol symbol)
    {
        var source = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol.OriginalDefinition;
        var xml = source.GetDocumentationCommentXml() ?? "";
        if (xml.Length == 0 || xml.Contains("<inheritdoc", StringComparison.Ordinal))
        {
            return Inherited(source) is { } from ? Read(from) : null;
        }
        try
        {
            return XElement.Parse(xml);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static ISymbol? Inherited(ISymbol symbol)
    {
        ISymbol? overridden = symbol switch
        {
            IMethodSymbol method => method.OverriddenMethod,
            IPropertySymbol property => property.OverriddenProperty,
            INamedTypeSymbol { BaseType: { SpecialType: not SpecialType.System_Object } basis } => basis,
            _ => null,
        };
        return overridden ?? symbol.ContainingType?.AllInterfaces.SelectMany(type => type.GetMembers(symbol.Name))
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol));
    }

    private static string Text(XElement element, Func<string, string> code) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" } link => code((string?)link.Attribute("langword") ?? (link.Value is { Length: > 0 } words ? words : Short((string?)link.Attribute("cref") ?? (string?)link.Attribute("href")))),
        XElement { Name.LocalName: "paramref" or "typeparamref" } name => code((string?)name.Attribute("name") ?? ""),
        XElement { Name.LocalName: "c" or "code" } literal => code(literal.Value),
        XElement { Name.LocalName: "para" or "br" or "item" } block => $" {Text(block, code)} ",
        XElement other => Text(other, code),
        _ => "",
    }));

    // "M:System.Console.WriteLine(System.String)" is Console.WriteLine.
    private static string Short(string? reference)
    {
        if (reference is null) return "";
        bool member = reference.StartsWith("T:", StringComparison.Ordinal) is false && reference.Contains(':', StringComparison.Ordinal);
        var names = reference.Split(':')[^1].Split('(')[0].Split('`')[0].Split('.');
        return string.Join('.', names.TakeLast(member ? 2 : 1));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
