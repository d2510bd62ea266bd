using System.Runtime.ExceptionServices;

namespace Microsoft.DotNet.Interactive.Jupyter.Execution;

/// <summary>How an interrupted cell came to its end.</summary>
internal enum InterruptedBy
{
    /// <summary>It was not.</summary>
    Nothing,

    /// <summary>It noticed the token.</summary>
    Token,

    /// <summary>It was stopped at a checkpoint, or while it waited.</summary>
    Force,

    /// <summary>It does not end: it is in native code, or in a loop of a library. It is left to itself.</summary>
    Abandonment,
}

/// <summary>
/// Runs one cell on a thread of its own, so that an interrupt can end it: first through the cancellation token that the cell can see, then, if
/// that changes nothing, at the checkpoints in its loops and by waking it where it waits, and at last by leaving it alone.
/// </summary>
internal sealed class CellThread : IDisposable
{
    // As a program's main thread has it. More would let endless recursion go on for seconds before it is noticed.
    private const int StackSize = 8 << 20;

    private readonly CancellationTokenSource asked = new();
    private readonly ManualResetEventSlim interrupted = new(), ended = new();

    /// <summary>How long a cell may take to notice the token.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What the cell can see of an interrupt.</summary>
    public CancellationToken Token => asked.Token;

    /// <summary>Asks the cell to end. Returns at once.</summary>
    public void Interrupt()
    {
        interrupted.Set();
        // What the cell registered with the token runs elsewhere: it may take its time.
        _ = Task.Run(() =>
        {
            try
            {
                asked.Cancel();
            }
            catch (Exception error) when (error is AggregateException or ObjectDisposedException)
            {
                // Of the cell, not of the kernel.
            }
        });
    }

    /// <summary>Runs the cell to its end, or until it is given up.</summary>
    /// <param name="stop">Makes the cell's checkpoints throw.</param>
    /// <exception cref="Exception">What the cell threw and it was not interrupted.</exception>
    public InterruptedBy Run(Action cell, Action stop)
    {
        Exception? failure = null;
        bool forced = false;
        var thread = new Thread(() =>
        {
            try
            {
                cell();
            }
            catch (Exception error)
            {
                failure = error;
            }
            finally
            {
                ended.Set();
            }
        }, StackSize)
        { IsBackground = true, Name = "cell" };
        thread.Start();

        if (WaitHandle.WaitAny([ended.WaitHandle, interrupted.WaitHandle]) == 1 && !ended.Wait(Patience))
        {
            forced = true;
            stop();
            long start = Environment.TickCount64;
            do
            {
                // More than once: the cell may catch the exception that this raises in it.
                thread.Interrupt();
                if (Environment.TickCount64 - start > Patience.TotalMilliseconds) return InterruptedBy.Abandonment;
            }
            while (!ended.Wait(100));
        }
        if (failure is null) return InterruptedBy.Nothing;
        if (forced) return InterruptedBy.Force;
        if (interrupted.IsSet && failure is OperationCanceledException or AggregateException { InnerException: OperationCanceledException }) return InterruptedBy.Token;
        ExceptionDispatchInfo.Throw(failure);
        return InterruptedBy.Nothing;
    }

    public void Dispose() => interrupted.Dispose();
}
