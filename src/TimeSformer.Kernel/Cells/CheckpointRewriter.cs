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

    public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node) =>
        base.VisitWhileStatement(node) is WhileStatementSyntax loop ? loop.WithStatement(Loop(loop.Statement)) : node;

    public override SyntaxNode? VisitDoStatement(DoStatementSyntax node) =>
        base.VisitDoStatement(node) is DoStatementSyntax loop ? loop.WithStatement(Loop(loop.Statement)) : node;

    public override SyntaxNode? VisitForStatement(ForStatementSyntax node) =>
        base.VisitForStatement(node) is ForStatementSyntax loop ? loop.WithStatement(Loop(loop.Statement)) : node;

    public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node) =>
        base.VisitForEachStatement(node) is ForEachStatementSyntax loop ? loop.WithStatement(Loop(loop.Statement)) : node;

    public override SyntaxNode? VisitForEachVariableStatement(ForEachVariableStatementSyntax node) =>
        base.VisitForEachVariableStatement(node) is ForEachVariableStatementSyntax loop ? loop.WithStatement(Loop(loop.Statement)) : node;

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) =>
        Method((MethodDeclarationSyntax)base.VisitMethodDeclaration(node)!, ReturnsNothing(node.ReturnType, node.Modifiers));

    public override SyntaxNode? VisitConstructorDeclaration(ConstructorDeclarationSyntax node) =>
        Method((ConstructorDeclarationSyntax)base.VisitConstructorDeclaration(node)!, returnsNothing: true);

    public override SyntaxNode? VisitOperatorDeclaration(OperatorDeclarationSyntax node) =>
        Method((OperatorDeclarationSyntax)base.VisitOperatorDeclaration(node)!, ReturnsNothing(node.ReturnType, node.Modifiers));

    public override SyntaxNode? VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node) =>
        Method((ConversionOperatorDeclarationSyntax)base.VisitConversionOperatorDeclaration(node)!, returnsNothing: false);

    public override SyntaxNode? VisitAccessorDeclaration(AccessorDeclarationSyntax node)
    {
        var accessor = (AccessorDeclarationSyntax)base.VisitAccessorDeclaration(node)!;
        if (accessor.Body is not null) return accessor.WithBody(Guarded(accessor.Body, Enter));
        if (accessor.ExpressionBody is not { } arrow) return accessor;
        var body = Body(arrow, accessor.SemicolonToken, returnsNothing: !accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
        return accessor.WithExpressionBody(null).WithBody(body).WithSemicolonToken(default);
    }

    public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        var property = (PropertyDeclarationSyntax)base.VisitPropertyDeclaration(node)!;
        if (property.ExpressionBody is not { } arrow) return property;
        var getter = Getter(arrow, property.SemicolonToken);
        return property.WithExpressionBody(null).WithAccessorList(getter).WithSemicolonToken(default);
    }

    public override SyntaxNode? VisitIndexerDeclaration(IndexerDeclarationSyntax node)
    {
        var indexer = (IndexerDeclarationSyntax)base.VisitIndexerDeclaration(node)!;
        if (indexer.ExpressionBody is not { } arrow) return indexer;
        var getter = Getter(arrow, indexer.SemicolonToken);
        return indexer.WithExpressionBody(null).WithAccessorList(getter).WithSemicolonToken(default);
    }

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        var method = (LocalFunctionStatementSyntax)base.VisitLocalFunctionStatement(node)!;
        if (method.Body is not null) return method.WithBody(Guarded(method.Body, Enter));
        if (method.ExpressionBody is not { } arrow) return method;
        var body = Body(arrow, method.SemicolonToken, ReturnsNothing(method.ReturnType, method.Modifiers));
        return method.WithExpressionBody(null).WithBody(body).WithSemicolonToken(default);
    }

    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node)
    {
        var lambda = (ParenthesizedLambdaExpressionSyntax)base.VisitParenthesizedLambdaExpression(node)!;
        return lambda.Block is null ? lambda : lambda.WithBlock(Guarded(lambda.Block, Enter));
    }

    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node)
    {
        var lambda = (SimpleLambdaExpressionSyntax)base.VisitSimpleLambdaExpression(node)!;
        return lambda.Block is null ? lambda : lambda.WithBlock(Guarded(lambda.Block, Enter));
    }

    // Finally blocks must run to their end.
    public override SyntaxNode? VisitFinallyClause(FinallyClauseSyntax node) => node;

    private static BlockSyntax Loop(StatementSyntax body)
    {
        if (body is BlockSyntax block) return Guarded(block, Check);
        return Block(Check, body.WithoutTrivia()).WithLeadingTrivia(body.GetLeadingTrivia()).WithTrailingTrivia(body.GetTrailingTrivia());
    }

    private static BaseMethodDeclarationSyntax Method(BaseMethodDeclarationSyntax method, bool returnsNothing)
    {
        if (method.Body is not null) return method.WithBody(Guarded(method.Body, Enter));
        if (method.ExpressionBody is not { } arrow) return method;
        var body = Body(arrow, method.SemicolonToken, returnsNothing);
        return method.WithExpressionBody(null).WithBody(body).WithSemicolonToken(default);
    }

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
    }

    private static SyntaxToken Keyword(SyntaxKind kind) => Token(kind).WithTrailingTrivia(Space);

    private static bool ReturnsNothing(TypeSyntax type, SyntaxTokenList modifiers) =>
        type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
        || (modifiers.Any(SyntaxKind.AsyncKeyword) && type.ToString().Split('.')[^1] is "Task" or "ValueTask");
}
