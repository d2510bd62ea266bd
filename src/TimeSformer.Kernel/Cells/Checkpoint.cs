using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;

namespace TimeSformer.Jupyter;

/// <summary>Where cells can be stopped. The kernel puts the calls into their loops and functions.</summary>
public static class Checkpoint
{
    private static readonly ConditionalWeakTable<KernelInvocationContext, object> Stopped = [];
    private static volatile bool anyStopped;

    /// <summary>Stands in each loop of a cell.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted and did not end by itself.</exception>
    public static void Loop()
    {
        // One field is all that a loop has to look at, as long as nothing was ever stopped.
        if (anyStopped) ThrowIfStopped();
    }

    /// <summary>Stands in each function of a cell.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted and did not end by itself.</exception>
    /// <exception cref="InsufficientExecutionStackException">Functions call each other so deep that the process would end.</exception>
    public static void Enter()
    {
        Loop();
        RuntimeHelpers.EnsureSufficientExecutionStack();
    }

    /// <summary>Ends a cell at its next checkpoint, with all threads and tasks that it started.</summary>
    internal static void Stop(KernelInvocationContext cell)
    {
        Stopped.AddOrUpdate(cell, cell);
        anyStopped = true;
    }

    private static void ThrowIfStopped()
    {
        if (KernelInvocationContext.Current is { } cell && Stopped.TryGetValue(cell, out _))
        {
            throw new OperationCanceledException("the cell was interrupted");
        }
    }
}
