using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Microsoft.DotNet.Interactive.Jupyter.CSharp;

/// <summary>
/// Puts a call of <see cref="Notebooks.Cell.Checkpoint"/> into each loop and each function of a cell, so that an interrupt can end
/// <c>while (true) { }</c>. (.NET can abort threads by ControlledExecution, but version 10 crashes on Linux when it hits a recursive function.)
/// No line changes its number.
/// </summary>
internal sealed class Checkpoints : CSharpSyntaxRewriter
{
    private static readonly StatementSyntax Check = ParseStatement("global::Notebooks.Cell.Checkpoint();");

    public static SyntaxTree Insert(SyntaxTree tree)
    {
        var root = tree.GetRoot();
        var changed = new Checkpoints().Visit(root);
        // Parsed anew: sequence points need the text as it is now.
        return changed == root ? tree : CSharpSyntaxTree.ParseText(SourceText.From(changed.ToFullString(), Encoding.UTF8), (CSharpParseOptions)tree.Options, tree.FilePath);
    }

    public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node) => Loop((WhileStatementSyntax)base.VisitWhileStatement(node)!, loop => loop.Statement, (loop, body) => loop.WithStatement(body));

    public override SyntaxNode? VisitDoStatement(DoStatementSyntax node) => Loop((DoStatementSyntax)base.VisitDoStatement(node)!, loop => loop.Statement, (loop, body) => loop.WithStatement(body));

    public override SyntaxNode? VisitForStatement(ForStatementSyntax node) => Loop((ForStatementSyntax)base.VisitForStatement(node)!, loop => loop.Statement, (loop, body) => loop.WithStatement(body));

    public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node) => Loop((ForEachStatementSyntax)base.VisitForEachStatement(node)!, loop => loop.Statement, (loop, body) => loop.WithStatement(body));

    public override SyntaxNode? VisitForEachVariableStatement(ForEachVariableStatementSyntax node) =>
        Loop((ForEachVariableStatementSyntax)base.VisitForEachVariableStatement(node)!, loop => loop.Statement, (loop, body) => loop.WithStatement(body));

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        var method = (MethodDeclarationSyntax)base.VisitMethodDeclaration(node)!;
        if (method.Body is not null) return method.WithBody(Guarded(method.Body));
        return method.ExpressionBody is null ? method
            : method.WithExpressionBody(null).WithBody(Body(method.ExpressionBody, method.SemicolonToken, ReturnsNothing(method.ReturnType, method.Modifiers))).WithSemicolonToken(default);
    }

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        var method = (LocalFunctionStatementSyntax)base.VisitLocalFunctionStatement(node)!;
        if (method.Body is not null) return method.WithBody(Guarded(method.Body));
        return method.ExpressionBody is null ? method
            : method.WithExpressionBody(null).WithBody(Body(method.ExpressionBody, method.SemicolonToken, ReturnsNothing(method.ReturnType, method.Modifiers))).WithSemicolonToken(default);
    }

    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node)
    {
        var lambda = (ParenthesizedLambdaExpressionSyntax)base.VisitParenthesizedLambdaExpression(node)!;
        return lambda.Block is null ? lambda : lambda.WithBlock(Guarded(lambda.Block));
    }

    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node)
    {
        var lambda = (SimpleLambdaExpressionSyntax)base.VisitSimpleLambdaExpression(node)!;
        return lambda.Block is null ? lambda : lambda.WithBlock(Guarded(lambda.Block));
    }

    // What must run to its end.
    public override SyntaxNode? VisitFinallyClause(FinallyClauseSyntax node) => node;

    private static T Loop<T>(T loop, Func<T, StatementSyntax> body, Func<T, StatementSyntax, T> with) where T : StatementSyntax
    {
        var statement = body(loop);
        if (statement is BlockSyntax block) return with(loop, Guarded(block));
        var wrapped = Block(Check, statement.WithoutTrivia());
        return with(loop, wrapped.WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(statement.GetTrailingTrivia()));
    }

    // Directly behind the brace: what follows it may be a line with a directive.
    private static BlockSyntax Guarded(BlockSyntax block) => block
        .WithOpenBraceToken(block.OpenBraceToken.WithTrailingTrivia())
        .WithStatements(block.Statements.Insert(0, Check.WithTrailingTrivia(block.OpenBraceToken.TrailingTrivia)));

    // "=> x;" becomes "{ check; return x; }".
    private static BlockSyntax Body(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, bool returnsNothing)
    {
        var expression = arrow.Expression;
        StatementSyntax last = expression switch
        {
            ThrowExpressionSyntax thrown => ThrowStatement(Token(SyntaxKind.ThrowKeyword).WithTrailingTrivia(Space), thrown.Expression, Token(SyntaxKind.SemicolonToken)),
            _ when returnsNothing => ExpressionStatement(expression, Token(SyntaxKind.SemicolonToken)),
            _ => ReturnStatement(Token(SyntaxKind.ReturnKeyword).WithTrailingTrivia(Space), expression, Token(SyntaxKind.SemicolonToken)),
        };
        return Block(Check.WithTrailingTrivia(arrow.ArrowToken.TrailingTrivia), last).WithLeadingTrivia(arrow.GetLeadingTrivia()).WithTrailingTrivia(semicolon.TrailingTrivia);
    }

    private static bool ReturnsNothing(TypeSyntax type, SyntaxTokenList modifiers) =>
        type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
        || (modifiers.Any(SyntaxKind.AsyncKeyword) && type.ToString().Split('.')[^1] is "Task" or "ValueTask");
}
