using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TimeSformer.Jupyter;

/// <summary>Whether a console client may run what has been typed, or waits for more lines.</summary>
internal static class Completeness
{
    public static JsonObject Of(string code)
    {
        // Directives are no C#, and what follows one of another language is nothing that could be incomplete.
        if (code.StartsWith("#!", StringComparison.Ordinal)) return new() { ["status"] = "complete" };
        var tree = CSharpSyntaxTree.ParseText(code, Session.Parsing);
        if (!SyntaxFactory.IsCompleteSubmission(tree))
        {
            return new() { ["status"] = "incomplete", ["indent"] = new string(' ', 4 * OpenBraces(tree)) };
        }
        bool wrong = tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return new() { ["status"] = wrong ? "invalid" : "complete" };
    }

    /// <summary>Whether code ends in an expression without a semicolon, whose value is shown.</summary>
    public static bool EndsInExpression(string code) =>
        CSharpSyntaxTree.ParseText(code, Session.Parsing).GetCompilationUnitRoot().Members is [.., GlobalStatementSyntax last]
        && last.Statement is ExpressionStatementSyntax { SemicolonToken.IsMissing: true };

    private static int OpenBraces(SyntaxTree tree) =>
        Math.Max(0, tree.GetRoot().DescendantTokens().Where(token => !token.IsMissing).Sum(token => token.Kind() switch
        {
            SyntaxKind.OpenBraceToken or SyntaxKind.OpenBracketToken or SyntaxKind.OpenParenToken => 1,
            SyntaxKind.CloseBraceToken or SyntaxKind.CloseBracketToken or SyntaxKind.CloseParenToken => -1,
            _ => 0,
        }));
}
