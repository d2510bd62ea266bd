using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;

namespace TimeSformer.Jupyter;

/// <summary>
/// Points at which a cell can be stopped and its forgotten memory freed. The kernel inserts the calls into loops and functions.
/// </summary>
public static class Checkpoint
{
    private static readonly ConditionalWeakTable<KernelInvocationContext, object> Stopped = [];
    private static volatile bool anyStopped;

    /// <summary>Called in each iteration of a loop.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted and did not end by itself.</exception>
    public static void Loop()
    {
        // Otherwise a loop only reads these fields.
        if (anyStopped) ThrowIfStopped();
        if (NativeMemory.HasGrown) NativeMemory.CollectIfGrown();
    }

    /// <summary>Called at the start of each function.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted and did not end by itself.</exception>
    /// <exception cref="InsufficientExecutionStackException">The recursion is so deep that the stack would overflow.</exception>
    public static void Enter()
    {
        Loop();
        RuntimeHelpers.EnsureSufficientExecutionStack();
    }

    /// <summary>Stops a cell, and all threads and tasks that it started, at their next checkpoint.</summary>
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
