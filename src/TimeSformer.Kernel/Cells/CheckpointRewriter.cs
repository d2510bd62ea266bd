using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace TimeSformer.Jupyter;

/// <summary>
/// Inserts a call of <see cref="Checkpoint.Loop"/> into each loop and of <see cref="Checkpoint.Enter"/> into each function of a cell, so
/// that an interrupt can end <c>while (true) { }</c> and endless recursion throws an exception instead of ending the process. Line numbers
/// stay the same. (.NET's ControlledExecution can abort threads, but .NET 10 on Linux crashes if it hits a recursive function.)
/// </summary>
internal sealed class CheckpointRewriter : CSharpSyntaxRewriter
{
    private static readonly StatementSyntax Check = ParseStatement($"global::{typeof(Checkpoint).FullName}.{nameof(Checkpoint.Loop)}();");
    private static readonly StatementSyntax Enter = ParseStatement($"global::{typeof(Checkpoint).FullName}.{nameof(Checkpoint.Enter)}();");

    /// <summary>Returns the code with checkpoints, or unchanged if it has syntax errors.</summary>
    public static string Insert(string code)
    {
        var tree = Parse(code);
        if (HasErrors(tree)) return code;
        var changed = new CheckpointRewriter().Visit(tree.GetRoot()).ToFullString();
        return HasErrors(Parse(changed)) ? code : changed;

        static SyntaxTree Parse(string code) => CSharpSyntaxTree.ParseText(code, Session.Parsing);
        static bool HasErrors(SyntaxTree tree) => tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [return: NotNullIfNotNull(nameof(node))]
    public override SyntaxNode? Visit(SyntaxNode? node) => base.Visit(node) switch
    {
        WhileStatementSyntax loop => loop.WithStatement(Loop(loop.Statement)),
        DoStatementSyntax loop => loop.WithStatement(Loop(loop.Statement)),
        ForStatementSyntax loop => loop.WithStatement(Loop(loop.Statement)),
        CommonForEachStatementSyntax loop => loop.WithStatement(Loop(loop.Statement)),
        LambdaExpressionSyntax { Block: { } block } lambda => lambda.WithBlock(Guarded(block, Enter)),
        DestructorDeclarationSyntax finalizer => finalizer,
        BaseMethodDeclarationSyntax { Body: { } block } method => method.WithBody(Guarded(block, Enter)),
        BaseMethodDeclarationSyntax { ExpressionBody: { } arrow } method => method.WithExpressionBody(null)
            .WithBody(Body(arrow, method.SemicolonToken, ReturnsNothing(method))).WithSemicolonToken(default),
        LocalFunctionStatementSyntax { Body: { } block } method => method.WithBody(Guarded(block, Enter)),
        LocalFunctionStatementSyntax { ExpressionBody: { } arrow } method => method.WithExpressionBody(null)
            .WithBody(Body(arrow, method.SemicolonToken, ReturnsNothing(method.ReturnType, method.Modifiers))).WithSemicolonToken(default),
        AccessorDeclarationSyntax { Body: { } block } accessor => accessor.WithBody(Guarded(block, Enter)),
        AccessorDeclarationSyntax { ExpressionBody: { } arrow } accessor => accessor.WithExpressionBody(null)
            .WithBody(Body(arrow, accessor.SemicolonToken, returnsNothing: !accessor.IsKind(SyntaxKind.GetAccessorDeclaration)))
            .WithSemicolonToken(default),
        PropertyDeclarationSyntax { ExpressionBody: { } arrow } property => property.WithExpressionBody(null)
            .WithAccessorList(Getter(arrow, property.SemicolonToken)).WithSemicolonToken(default),
        IndexerDeclarationSyntax { ExpressionBody: { } arrow } indexer => indexer.WithExpressionBody(null)
            .WithAccessorList(Getter(arrow, indexer.SemicolonToken)).WithSemicolonToken(default),
        var other => other,
    };

    // Finally blocks must run to their end.
    public override SyntaxNode? VisitFinallyClause(FinallyClauseSyntax node) => node;

    private static BlockSyntax Loop(StatementSyntax body) => body is BlockSyntax block
        ? Guarded(block, Check)
        : Block(Check, body.WithoutTrivia()).WithLeadingTrivia(body.GetLeadingTrivia()).WithTrailingTrivia(body.GetTrailingTrivia());

    // "=> x;" becomes "{ get { check; return x; } }".
    private static AccessorListSyntax Getter(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon) =>
        AccessorList(SingletonList(AccessorDeclaration(SyntaxKind.GetAccessorDeclaration, Body(arrow, semicolon, returnsNothing: false))));

    // Directly after the brace, because the next line may be a preprocessor directive.
    private static BlockSyntax Guarded(BlockSyntax block, StatementSyntax guard) => block
        .WithOpenBraceToken(block.OpenBraceToken.WithTrailingTrivia())
        .WithStatements(block.Statements.Insert(0, guard.WithTrailingTrivia(block.OpenBraceToken.TrailingTrivia)));

    // "=> x;" becomes "{ check; return x; }".
    private static BlockSyntax Body(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, bool returnsNothing)
    {
        var expression = arrow.Expression;
        StatementSyntax last = expression switch
        {
            ThrowExpressionSyntax it => ThrowStatement(Keyword(SyntaxKind.ThrowKeyword), it.Expression, Token(SyntaxKind.SemicolonToken)),
            _ when returnsNothing => ExpressionStatement(expression, Token(SyntaxKind.SemicolonToken)),
            _ => ReturnStatement(Keyword(SyntaxKind.ReturnKeyword), expression, Token(SyntaxKind.SemicolonToken)),
        };
        return Block(Enter.WithTrailingTrivia(arrow.ArrowToken.TrailingTrivia), last)
            .WithLeadingTrivia(arrow.GetLeadingTrivia()).WithTrailingTrivia(semicolon.TrailingTrivia);

        static SyntaxToken Keyword(SyntaxKind kind) => Token(kind).WithTrailingTrivia(Space);
    }

    private static bool ReturnsNothing(BaseMethodDeclarationSyntax declaration) => declaration switch
    {
        MethodDeclarationSyntax method => ReturnsNothing(method.ReturnType, method.Modifiers),
        OperatorDeclarationSyntax method => ReturnsNothing(method.ReturnType, method.Modifiers),
        _ => declaration is ConstructorDeclarationSyntax,
    };

    private static bool ReturnsNothing(TypeSyntax type, SyntaxTokenList modifiers) =>
        type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
        || (modifiers.Any(SyntaxKind.AsyncKeyword) && type.ToString().Split('.')[^1] is "Task" or "ValueTask");
}
