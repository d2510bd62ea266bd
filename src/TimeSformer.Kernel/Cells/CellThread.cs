using Microsoft.DotNet.Interactive;

namespace TimeSformer.Jupyter;

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
/// Runs one cell on a thread of its own, so that an interrupt can end it: first through the cancellation token that the cell can see,
/// then, if that changes nothing, at the checkpoints in its loops and by waking it where it waits, and at last by leaving it alone.
/// </summary>
internal sealed class CellThread(KernelInvocationContext context)
{
    // More than .NET gives a thread. Much more would let endless recursion go on for seconds before it is noticed.
    private const int StackSize = 2 << 20;

    // How long a cell may take to notice the token, and then to be stopped.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? thread;
    private Task? cell;

    public InterruptedBy InterruptedBy { get; private set; }

    /// <summary>Runs the cell to its end, or until it is given up.</summary>
    public Task RunAsync(Func<Task> run)
    {
        thread = new Thread(() =>
        {
            try
            {
                cell = run();
                cell.GetAwaiter().GetResult();
                ended.TrySetResult();
            }
            catch (Exception error)
            {
                ended.TrySetException(error);
            }
        }, StackSize)
        { IsBackground = true, Name = "cell" };
        thread.Start();
        return ended.Task;
    }

    /// <summary>Ends the cell.</summary>
    /// <param name="settle">Is called when a cell that was left to itself ends at last.</param>
    public async Task InterruptAsync(Action settle)
    {
        if (InterruptedBy != InterruptedBy.Nothing) return;
        InterruptedBy = InterruptedBy.Token;
        // What the cell registered with the token runs elsewhere: it may take its time, and what it throws is the cell's affair.
        _ = Task.Run(() => Hidden.Cancellation(context).Cancel());
        if (await EndsWithin(Patience)) return;
        InterruptedBy = InterruptedBy.Force;
        Checkpoint.Stop(context);
        for (long start = Environment.TickCount64; Environment.TickCount64 - start < Patience.TotalMilliseconds;)
        {
            // More than once: the cell may catch the exception that this raises in it.
            thread!.Interrupt();
            if (await EndsWithin(TimeSpan.FromMilliseconds(100))) break;
        }
        if (ended.TrySetException(new OperationCanceledException())) InterruptedBy = InterruptedBy.Abandonment;
        _ = Task.Run(async () =>
        {
            thread!.Join();
            if (cell is not null) await Task.WhenAny(cell);
            settle();
        });
    }

    private async Task<bool> EndsWithin(TimeSpan time) => await Task.WhenAny(ended.Task, Task.Delay(time)) == ended.Task;
}
