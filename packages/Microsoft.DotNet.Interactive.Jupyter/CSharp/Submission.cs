using Microsoft.CodeAnalysis.CSharp;

namespace Microsoft.DotNet.Interactive.Jupyter.CSharp;

/// <summary>What the cells so far have left.</summary>
/// <param name="Last">The latest of them; it knows those before it.</param>
/// <param name="Instances">An object for each that ran, whose fields are its variables. Roslyn keeps element 0 for a host object; there is none.</param>
internal sealed record SessionState(CSharpCompilation? Last, object?[] Instances);

/// <summary>C# code that was compiled and can run.</summary>
/// <param name="Basis">The state on which it was compiled.</param>
/// <param name="Compilation">What the next one compiles on.</param>
/// <param name="Start">Begins to run it; null where it only declares.</param>
/// <param name="HasValue">Whether it ends with an expression that has a value.</param>
internal sealed record Submission(SessionState Basis, CSharpCompilation Compilation, Func<object?[], Task<object?>>? Start, bool HasValue);

/// <summary>What running code came to.</summary>
/// <param name="HasValue">Whether it ended with an expression; its value may be null.</param>
internal readonly record struct CellValue(bool HasValue, object? Value)
{
    public static readonly CellValue None;
}
