using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive.Jupyter.Cells;
using Microsoft.DotNet.Interactive.Jupyter.CSharp;

namespace Microsoft.DotNet.Interactive.Jupyter.Editing;

/// <summary>What may be typed at a place in a cell: names that are in scope there, members, keywords, directives.</summary>
internal static class Completion
{
    /// <summary>The content of a complete_reply.</summary>
    /// <param name="cursor">In Unicode characters, as Jupyter counts.</param>
    public static JsonObject Of(ScriptSession session, string code, int cursor)
    {
        int position = CellPosition.ToIndex(code, cursor);
        int start = position;
        while (start > 0 && (char.IsLetterOrDigit(code[start - 1]) || code[start - 1] is '_' or '@')) start--;
        int line = code.LastIndexOf('\n', Math.Max(0, position - 1)) + 1;
        Suggestion[] found;
        if (position > line && code[line] == '#')
        {
            (start, found) = (line, [.. CellSplitter.DirectiveNames.Select(name => new Suggestion(name, "keyword", name))]);
        }
        else
        {
            var csharp = CellSplitter.CSharpOnly(code);
            bool isCSharp = code.AsSpan(line, position - line).Trim().SequenceEqual(csharp.AsSpan(line, position - line).Trim());
            found = isCSharp ? [.. Suggestions(session, csharp, start)] : [];
        }

        var typed = code[start..position];
        Suggestion[] matches =
        [
            .. found.Where(suggestion => suggestion.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).DistinctBy(suggestion => suggestion.Text)
                // What is written exactly as typed so far goes before what differs in case.
                .OrderByDescending(suggestion => suggestion.Text.StartsWith(typed, StringComparison.Ordinal)).ThenBy(suggestion => suggestion.Text, StringComparer.OrdinalIgnoreCase),
        ];
        int from = CellPosition.FromIndex(code, start), to = CellPosition.FromIndex(code, position);
        return new()
        {
            ["status"] = "ok",
            ["matches"] = CellPosition.Array(matches.Select(match => match.Text)),
            ["cursor_start"] = from,
            ["cursor_end"] = to,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray(
                [
                    .. matches.Select(match => new JsonObject { ["text"] = match.Text, ["type"] = match.Kind, ["signature"] = match.Signature, ["start"] = from, ["end"] = to }),
                ]),
            },
        };
    }

    private static IEnumerable<Suggestion> Suggestions(ScriptSession session, string code, int start)
    {
        var tree = ScriptSession.Parse(code);
        var root = tree.GetRoot();
        var before = Scope.TokenBefore(root, start);
        if (Scope.IsText(root, start, before)) return [];
        var model = session.Compile(tree).GetSemanticModel(tree);
        var scope = new Scope(model, start, before);
        if (scope.IsMember) return scope.Members().Select(Describe);
        return scope.ParameterNames().Select(name => new Suggestion($"{name}:", "param", name))
            .Concat(scope.InitializerMembers().Concat(scope.Names()).Select(Describe))
            .Concat(SyntaxFacts.GetKeywordKinds().Select(SyntaxFacts.GetText).Where(word => word.Length > 0 && char.IsLetter(word[0]) && !word.StartsWith("__", StringComparison.Ordinal))
                .Concat(["await", "var", "record", "nameof", "when", "where", "yield", "async", "and", "or", "not"]).Select(word => new Suggestion(word, "keyword", word)));
    }

    private static Suggestion Describe(ISymbol symbol) => new(symbol.Name, Kind(symbol), symbol.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));

    private static string Kind(ISymbol symbol) => symbol switch
    {
        IMethodSymbol => "function",
        IPropertySymbol => "property",
        IFieldSymbol { ContainingType.IsScriptClass: true } or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => "variable",
        IFieldSymbol => "field",
        INamespaceSymbol => "module",
        ITypeSymbol type => type.TypeKind.ToString().ToLowerInvariant(),
        _ => symbol.Kind.ToString().ToLowerInvariant(),
    };

    private sealed record Suggestion(string Text, string Kind, string Signature);
}
