using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.CSharp;

namespace TimeSformer.Jupyter;

/// <summary>Access to three members of Microsoft.DotNet.Interactive that are not public. The package's version is pinned.</summary>
internal static class Internals
{
    /// <summary>The compiler's options, in which the kernel sets debug information, warning level, imports and references.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_scriptOptions")]
    public static extern ref ScriptOptions Options(CSharpKernel kernel);

    /// <summary>Sets the state of the session, to undo what an abandoned cell changes when it ends.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ScriptState")]
    public static extern void SetState(CSharpKernel kernel, ScriptState? state);

    /// <summary>The source of a cell's token. The package's own cancel command would also mark the cell as failed at once.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_cancellationTokenSource")]
    public static extern ref CancellationTokenSource Cancellation(KernelInvocationContext context);
}
