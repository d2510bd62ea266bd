using Microsoft.DotNet.Interactive;

namespace TimeSformer.Jupyter;

/// <summary>
/// How a cell was interrupted: not at all; it observed its cancellation token; it was stopped at a checkpoint or while waiting; or it
/// continues in the background, because it is in native code or in a library's loop.
/// </summary>
internal enum InterruptedBy { Nothing, Token, Force, Abandonment }

/// <summary>
/// Runs one cell on its own thread, so that it can be interrupted: first through the cell's cancellation token; then at the checkpoints in
/// its code and by interrupting waits; and finally by abandoning it.
/// </summary>
internal sealed class CellThread(KernelInvocationContext context)
{
    // More than .NET's default. With much more, endless recursion would run for seconds before it is detected.
    private const int StackSize = 2 << 20;

    // The time that a cell has to observe its token, and then to be stopped.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? thread;
    private Task? cell;

    public InterruptedBy InterruptedBy { get; private set; }

    /// <summary>Runs the cell until it ends or is abandoned.</summary>
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

    /// <summary>Interrupts the cell and calls <paramref name="settle"/> when it has really ended, however late.</summary>
    public async Task InterruptAsync(Action settle)
    {
        if (InterruptedBy != InterruptedBy.Nothing) return;
        InterruptedBy = InterruptedBy.Token;
        // On another thread, because callbacks that the cell registered with the token may block or throw.
        _ = Task.Run(() => Internals.Cancellation(context).Cancel());
        if (await EndsWithin(Patience)) return;
        InterruptedBy = InterruptedBy.Force;
        Checkpoint.Stop(context);
        for (long start = Environment.TickCount64; Environment.TickCount64 - start < Patience.TotalMilliseconds;)
        {
            // Repeatedly, because the cell may catch the exception.
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
