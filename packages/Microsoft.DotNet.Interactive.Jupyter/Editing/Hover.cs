using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Jupyter.Cells;
using Microsoft.DotNet.Interactive.Jupyter.CSharp;

namespace Microsoft.DotNet.Interactive.Jupyter.Editing;

/// <summary>What stands at a place in a cell: its declaration and its documentation.</summary>
internal static class Hover
{
    private static readonly SymbolDisplayFormat Declaration = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMemberOptions(SymbolDisplayFormat.MinimallyQualifiedFormat.MemberOptions & ~SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeContainingType)
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword);

    /// <summary>The content of an inspect_reply.</summary>
    /// <param name="cursor">In Unicode characters, as Jupyter counts.</param>
    public static JsonObject Of(ScriptSession session, string code, int cursor)
    {
        var tree = ScriptSession.Parse(CellSplitter.CSharpOnly(code));
        var model = session.Compile(tree).GetSemanticModel(tree);
        var (symbol, others) = Find(model, tree.GetRoot(), CellPosition.ToIndex(code, cursor));
        if (symbol is null) return new() { ["status"] = "ok", ["found"] = false, ["data"] = new JsonObject(), ["metadata"] = new JsonObject() };

        var declaration = symbol.ToDisplayString(Declaration) + (others > 0 ? $" (+ {others} more)" : "");
        var documentation = Documentation.Of(symbol);
        return new()
        {
            ["status"] = "ok",
            ["found"] = true,
            ["data"] = new JsonObject
            {
                [PlainTextFormatter.MimeType] = string.Join("\n\n", [declaration, .. documentation.Select(section => section.Text)]),
                ["text/markdown"] = string.Join("\n\n", [$"```csharp\n{declaration}\n```", .. documentation.Select(section => section.Markdown)]),
            },
            ["metadata"] = new JsonObject(),
        };
    }

    private static (ISymbol? Symbol, int Others) Find(SemanticModel model, SyntaxNode root, int position)
    {
        var token = root.FindToken(Math.Min(position, Math.Max(0, root.FullSpan.End - 1)));
        // The cursor may stand right behind a word, or inside the parentheses of a call.
        if (!IsWord(token) && position > 0 && root.FindToken(position - 1) is var previous && IsWord(previous)) token = previous;
        var node = IsWord(token) ? token.Parent : token.Parent?.FirstAncestorOrSelf<InvocationExpressionSyntax>()?.Expression;
        if (node is null) return default;

        var info = model.GetSymbolInfo(node);
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault() ?? model.GetDeclaredSymbol(node) ?? model.GetTypeInfo(node).Type;
        // new T(...): the constructor says more than the type.
        if (symbol is INamedTypeSymbol && node.FirstAncestorOrSelf<ObjectCreationExpressionSyntax>() is { } creation
            && creation.Type.Span.Contains(node.Span) && creation.Type.Span.End == node.Span.End && model.GetSymbolInfo(creation).Symbol is { } constructor) symbol = constructor;
        if (symbol is null or IErrorTypeSymbol) return default;
        int overloads = symbol is IMethodSymbol { ContainingType: { } type } ? type.GetMembers(symbol.Name).Length - 1 : 0;
        return (symbol, Math.Max(0, overloads));
    }

    private static bool IsWord(SyntaxToken token) => token.IsKind(SyntaxKind.IdentifierToken) || (SyntaxFacts.IsPredefinedType(token.Kind()) && token.Parent is PredefinedTypeSyntax);
}
