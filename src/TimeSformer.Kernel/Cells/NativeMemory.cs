namespace TimeSformer.Jupyter;

/// <summary>
/// Frees native memory that cells forgot to dispose. The garbage collector sees the small object before it, such as a tensor's, and not the
/// memory behind it, so it would hardly ever run. Here it runs when the process has grown: at a cell's checkpoints and after cells, when
/// the cell's own thread is in no native call. What a variable holds is reachable, so it stays.
/// </summary>
internal static class NativeMemory
{
    private const long Step = 192 << 20;

    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(50);
    private static long least = Environment.WorkingSet;
    private static volatile bool hasGrown;

    /// <summary>Whether it is time to call <see cref="CollectIfGrown"/>.</summary>
    public static bool HasGrown => hasGrown;

    /// <summary>Watches the process until disposed.</summary>
    public static Timer Watch() => new(_ => hasGrown |= Growth > Step, null, interval, interval);

    /// <summary>Collects and waits for finalizers, if the process still is larger by a step and an eighth than the last time.</summary>
    public static void CollectIfGrown()
    {
        hasGrown = false;
        if (Growth <= Step) return;
        // What was forgotten is mostly young, and a collection of the young takes milliseconds.
        Collect(1);
        if (Growth > Step) Collect(GC.MaxGeneration);
        Interlocked.Exchange(ref least, Environment.WorkingSet);
    }

    private static void Collect(int generation)
    {
        GC.Collect(generation);
        GC.WaitForPendingFinalizers();
        KernelProcess.ReturnFreedMemory();
    }

    // An eighth of a large process is a step, so that one that grows by what it keeps is not slowed down.
    private static long Growth
    {
        get
        {
            long before = Interlocked.Read(ref least), growth = Environment.WorkingSet - before;
            return growth > before / 8 ? growth : 0;
        }
    }
}
