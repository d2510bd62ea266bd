using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>The cell that is running: where it displays, and how it learns that it shall stop.</summary>
public class KernelInvocationContext : IDisposable
{
    private static readonly AsyncLocal<KernelInvocationContext?> Flowing = new();
    private static KernelInvocationContext? latest;

    private readonly CellHost host;

    internal KernelInvocationContext(CellHost host, CancellationToken cancellationToken)
    {
        this.host = host;
        CancellationToken = cancellationToken;
    }

    /// <summary>The cell whose code calls; where that one has ended, or none is known, the latest one. Null outside a kernel.</summary>
    public static KernelInvocationContext? Current => Flowing.Value is { IsComplete: false } own ? own : Volatile.Read(ref latest);

    /// <summary>Cancelled when the user interrupts the cell.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Whether the cell has ended.</summary>
    public bool IsComplete { get; private set; }

    internal CellHost Host => host;

    /// <summary>Whether any cell has been stopped in this process.</summary>
    internal static bool AnyStopped { get; private set; }

    private bool IsStopped { get; set; }

    /// <summary>Ends the cell at its next checkpoint, with all threads and tasks that it started.</summary>
    internal void Stop()
    {
        IsStopped = true;
        AnyStopped = true;
    }

    internal static void ThrowIfStopped()
    {
        if (Flowing.Value is { IsStopped: true }) throw new OperationCanceledException("the cell was interrupted");
    }

    /// <summary>Makes this the cell of the calling thread and of what it starts.</summary>
    internal void Enter()
    {
        Flowing.Value = this;
        Volatile.Write(ref latest, this);
    }

    internal void Publish(DisplayedValue displayed) => host.Publish(displayed);

    /// <summary>Ends the cell.</summary>
    public void Dispose()
    {
        IsComplete = true;
        GC.SuppressFinalize(this);
    }
}

/// <summary>What a running cell can ask of the kernel that runs it.</summary>
/// <param name="Publish">Shows a display, or shows it anew.</param>
/// <param name="RequestInput">Asks the user: prompt, whether it is a password; returns the answer.</param>
/// <param name="Clear">Clears the cell's output; true: only when the next output comes.</param>
internal sealed record CellHost(Action<DisplayedValue> Publish, Func<string, bool, string> RequestInput, Action<bool> Clear);
