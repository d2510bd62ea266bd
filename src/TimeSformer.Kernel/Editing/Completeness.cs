using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TimeSformer.Jupyter;

/// <summary>Decides whether a console client should run the typed code or wait for more lines.</summary>
internal static class Completeness
{
    /// <summary>The content of an is_complete_reply.</summary>
    public static JsonObject Of(string code)
    {
        // A directive is not C#, and code in another language is always complete.
        if (code.StartsWith("#!", StringComparison.Ordinal)) return new() { ["status"] = "complete" };
        var tree = CSharpSyntaxTree.ParseText(code, Session.Parsing);
        if (!SyntaxFactory.IsCompleteSubmission(tree))
        {
            return new() { ["status"] = "incomplete", ["indent"] = new string(' ', 4 * OpenBraces(tree)) };
        }
        bool invalid = tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return new() { ["status"] = invalid ? "invalid" : "complete" };
    }

    /// <summary>Whether code ends in an expression without a semicolon, whose value is displayed.</summary>
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
