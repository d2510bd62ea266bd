using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microsoft.DotNet.Interactive.Jupyter.Editing;

/// <summary>What can be named at a position of the code.</summary>
/// <param name="before">The token before the word that is being typed.</param>
internal sealed class Scope(SemanticModel model, int position, SyntaxToken before)
{
    /// <summary>Whether a member of something is being typed: after a dot.</summary>
    public bool IsMember => before.Kind() is SyntaxKind.DotToken or SyntaxKind.MinusGreaterThanToken or SyntaxKind.ColonColonToken;

    public static SyntaxToken TokenBefore(SyntaxNode root, int position)
    {
        var token = root.FindToken(Math.Max(0, position - 1));
        while (token.SpanStart >= position && token.SpanStart > 0)
        {
            var previous = token.GetPreviousToken(includeZeroWidth: false);
            if (previous == default) return default;
            token = previous;
        }
        return token.Span.End <= position || token.SpanStart < position ? token : default;
    }

    /// <summary>Whether the position is inside a comment, a string or a number, where there is nothing to complete.</summary>
    public static bool IsText(SyntaxNode root, int position, SyntaxToken before)
    {
        var trivia = root.FindTrivia(Math.Max(0, position - 1));
        if (trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.DisabledTextTrivia && trivia.SpanStart < position) return true;
        bool literal = before.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.NumericLiteralToken
            or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken;
        return literal && (before.Span.End > position || (before.Span.End == position && before.Kind() is SyntaxKind.InterpolatedStringTextToken or SyntaxKind.NumericLiteralToken));
    }

    /// <summary>All names in scope.</summary>
    public IEnumerable<ISymbol> Names() => Visible(model.LookupSymbols(position));

    /// <summary>The members of what stands before the dot.</summary>
    public IEnumerable<ISymbol> Members() => before.Parent switch
    {
        MemberAccessExpressionSyntax access => MembersOf(access.Expression),
        MemberBindingExpressionSyntax { Parent: var parent } => parent?.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } conditional
            ? InstanceMembers(NotNull(model.GetTypeInfo(conditional.Expression).Type)) : [],
        QualifiedNameSyntax name => MembersOf(name.Left),
        _ => [],
    };

    /// <summary>The members that an object initializer at the position may set.</summary>
    public IEnumerable<ISymbol> InitializerMembers()
    {
        if (before.Parent is not InitializerExpressionSyntax { Parent: BaseObjectCreationExpressionSyntax creation } || before.Kind() is not (SyntaxKind.OpenBraceToken or SyntaxKind.CommaToken)) return [];
        return model.GetTypeInfo(creation).Type is { } type ? Visible(model.LookupSymbols(position, type)).Where(symbol => symbol is IPropertySymbol { SetMethod: not null } or IFieldSymbol) : [];
    }

    /// <summary>The parameters of the methods that are being called.</summary>
    public IEnumerable<string> ParameterNames()
    {
        if (before.Parent is not ArgumentListSyntax arguments || before.Kind() is not (SyntaxKind.OpenParenToken or SyntaxKind.CommaToken)) return [];
        var called = arguments.Parent switch
        {
            InvocationExpressionSyntax invocation => model.GetMemberGroup(invocation.Expression).OfType<IMethodSymbol>(),
            ObjectCreationExpressionSyntax creation when model.GetSymbolInfo(creation.Type).Symbol is INamedTypeSymbol type => type.InstanceConstructors,
            _ => [],
        };
        return called.SelectMany(method => method.Parameters).Select(parameter => parameter.Name).Distinct();
    }

    private IEnumerable<ISymbol> MembersOf(ExpressionSyntax expression)
    {
        var info = model.GetSymbolInfo(expression);
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        return symbol switch
        {
            INamespaceSymbol space => Visible(model.LookupNamespacesAndTypes(position, space)),
            ITypeSymbol type => Visible(model.LookupStaticMembers(position, type)).Concat(Visible(model.LookupNamespacesAndTypes(position, type))),
            _ => InstanceMembers(model.GetTypeInfo(expression).Type),
        };
    }

    private IEnumerable<ISymbol> InstanceMembers(ITypeSymbol? type) =>
        type is null or { TypeKind: TypeKind.Error } ? []
            : Visible(model.LookupSymbols(position, type, includeReducedExtensionMethods: true)).Where(symbol => symbol is not ITypeSymbol && !symbol.IsStatic);

    private static ITypeSymbol? NotNull(ITypeSymbol? type) =>
        type is INamedTypeSymbol { ConstructedFrom.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    private static IEnumerable<ISymbol> Visible(IEnumerable<ISymbol> symbols) => symbols.Where(symbol => symbol.CanBeReferencedByName && !IsHidden(symbol));

    // [EditorBrowsable(Never)]
    private static bool IsHidden(ISymbol symbol) => symbol.GetAttributes().Any(attribute =>
        attribute.AttributeClass?.Name == "EditorBrowsableAttribute" && attribute.ConstructorArguments is [{ Value: (int)System.ComponentModel.EditorBrowsableState.Never }]);
}
