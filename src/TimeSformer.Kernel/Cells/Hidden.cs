using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.CSharp;

namespace TimeSformer.Jupyter;

/// <summary>
/// The three members of Microsoft.DotNet.Interactive that the kernel needs and that are not public. The package's version is fixed.
/// </summary>
internal static class Hidden
{
    /// <summary>
    /// The compiler's options: debug information for line numbers, no warnings, and each reference once rather than in every cell.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_scriptOptions")]
    public static extern ref ScriptOptions Options(CSharpKernel kernel);

    /// <summary>Sets the state of the session: what a cell left to itself may not change when it ends at last.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ScriptState")]
    public static extern void SetState(CSharpKernel kernel, ScriptState? state);

    /// <summary>What cancels a cell's token without declaring the cell failed at once, as the package's own command does.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_cancellationTokenSource")]
    public static extern ref CancellationTokenSource Cancellation(KernelInvocationContext context);
}
