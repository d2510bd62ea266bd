using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Microsoft.DotNet.Interactive.Jupyter.CSharp;

/// <summary>Code that does not compile; lists what is wrong, each with its line and a mark under it.</summary>
internal sealed class CompilationException(IReadOnlyList<Diagnostic> errors) : Exception(Describe(errors[0]))
{
    /// <summary>A few lines for each error, in the order of the code.</summary>
    public IEnumerable<string> Lines => errors.SelectMany(error => (string[])[Describe(error), .. Show(error.Location)]);

    /// <summary>The errors among diagnostics, of which there must be one.</summary>
    public static CompilationException Of(IEnumerable<Diagnostic> diagnostics) =>
        new([.. diagnostics.Where(IsError).OrderBy(error => error.Location.SourceSpan.Start)]);

    public static void ThrowIfAny(ImmutableArray<Diagnostic> diagnostics)
    {
        if (diagnostics.Any(IsError)) throw Of(diagnostics);
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static string Describe(Diagnostic error)
    {
        var place = error.Location.GetLineSpan();
        var text = $"error {error.Id}: {error.GetMessage()}";
        return place.IsValid ? $"{place.Path}({place.StartLinePosition.Line + 1},{place.StartLinePosition.Character + 1}): {text}" : text;
    }

    private static IEnumerable<string> Show(Location location)
    {
        if (location.SourceTree is not { } tree) yield break;
        var line = tree.GetText().Lines.GetLineFromPosition(location.SourceSpan.Start);
        int column = location.SourceSpan.Start - line.Start;
        int length = Math.Clamp(location.SourceSpan.Length, 1, Math.Max(1, line.End - location.SourceSpan.Start));
        yield return $"    {line}";
        yield return $"    {new string(' ', column)}{new string('^', length)}";
    }
}
