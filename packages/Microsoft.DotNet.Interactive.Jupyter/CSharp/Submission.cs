using Microsoft.CodeAnalysis.CSharp;

namespace Microsoft.DotNet.Interactive.Jupyter.CSharp;

/// <summary>C# code that was compiled and can run.</summary>
/// <param name="Compilation">What the next one compiles on.</param>
/// <param name="Start">Begins to run it; null where it only declares.</param>
/// <param name="HasValue">Whether it ends with an expression that has a value.</param>
internal sealed record Submission(CSharpCompilation Compilation, Func<object?[], Task<object?>>? Start, bool HasValue);

/// <summary>What running code came to.</summary>
/// <param name="HasValue">Whether it ended with an expression; its value may be null.</param>
internal readonly record struct CellValue(bool HasValue, object? Value)
{
    public static readonly CellValue None;
}
