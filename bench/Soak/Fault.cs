namespace TimeSformer.Bench.Soak;

/// <summary>What happens to a training while it runs.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One of its processes is killed (SIGKILL).</summary>
    KilledProcess,

    /// <summary>All are, as when the power fails.</summary>
    PowerFailure,

    /// <summary>The same, and the newest checkpoint's weights lose their second half.</summary>
    TruncatedCheckpoint,

    /// <summary>A process stands still for three seconds (SIGSTOP, SIGCONT).</summary>
    Pause,

    /// <summary>A process stands still for good.</summary>
    Hang,

    /// <summary>The disk of checkpoints and logs fills up.</summary>
    FullDisk,

    /// <summary>Someone presses Ctrl-C.</summary>
    Interrupt,
}
