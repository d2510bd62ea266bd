using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;

namespace Notebooks;

/// <summary>The running cell, beyond what .NET Interactive offers (hence the namespace of its own).</summary>
public static class Cell
{
    /// <summary>Cancelled when the user interrupts the cell; outside a notebook never.</summary>
    public static CancellationToken Interrupted => KernelInvocationContext.Current?.CancellationToken ?? default;

    /// <summary>The value that a #!share hands to C#.</summary>
    public static object? Shared { get; internal set; }

    /// <summary>Throws where the cell was interrupted and did not end by itself. The kernel puts a call into each loop of a cell.</summary>
    /// <exception cref="OperationCanceledException">The cell shall end.</exception>
    public static void Checkpoint()
    {
        // One field is all that a loop has to look at, as long as nothing was ever interrupted.
        if (KernelInvocationContext.AnyStopped) KernelInvocationContext.ThrowIfStopped();
    }

    /// <summary>A <see cref="Checkpoint"/> that also minds the depth of calls. The kernel puts a call into each function of a cell.</summary>
    /// <exception cref="OperationCanceledException">The cell shall end.</exception>
    /// <exception cref="InsufficientExecutionStackException">Functions call each other so deep that the stack, and with it the process, would end.</exception>
    public static void Entered()
    {
        Checkpoint();
        RuntimeHelpers.EnsureSufficientExecutionStack();
    }

    /// <summary>Removes what the cell has displayed and printed.</summary>
    /// <param name="wait">Only when the next output comes, so that nothing flickers.</param>
    public static void ClearOutput(bool wait = false) => KernelInvocationContext.Current?.Host.Clear(wait);
}
